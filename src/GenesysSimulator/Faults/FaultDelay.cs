namespace GenesysSimulator.Faults;

internal static class FaultDelay
{
    /// <summary>Slow goes by the clock handed in; a hang ends only when the caller gives up or the simulator stops.</summary>
    public static Task WaitAsync(SimulatorFault fault, TimeProvider clock, CancellationToken cancellationToken) => fault.Name switch
    {
        FaultNames.Slow => Task.Delay(TimeSpan.FromSeconds(fault.Number(5)), clock, cancellationToken),
        FaultNames.Hang => Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken),
        _ => Task.CompletedTask,
    };
}
