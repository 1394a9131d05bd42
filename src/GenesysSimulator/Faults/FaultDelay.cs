namespace GenesysSimulator.Faults;

internal static class FaultDelay
{
    /// <summary>
    /// Delays a request. The slow fault waits as measured by the given clock. The hang fault ends only when the caller disconnects or the simulator stops.
    /// </summary>
    public static Task WaitAsync(SimulatorFault fault, TimeProvider clock, CancellationToken cancellationToken) => fault.Name switch
    {
        FaultNames.Slow => Task.Delay(TimeSpan.FromSeconds(fault.Number(5)), clock, cancellationToken),
        FaultNames.Hang => Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken),
        _ => Task.CompletedTask,
    };
}
