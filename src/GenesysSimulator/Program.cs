using System.Runtime.InteropServices;

namespace GenesysSimulator;

/// <summary>Runs the simulator standalone. Settings come from the command line (--Queues 200) or the environment (SIMULATOR_Queues=200).</summary>
public static class Program
{
    public static async Task Main(string[] args)
    {
        var settings = new ConfigurationBuilder()
            .AddEnvironmentVariables("SIMULATOR_")
            .AddCommandLine(args)
            .Build()
            .Get<SimulatorSettings>() ?? new SimulatorSettings();
        if (settings.Url == new SimulatorSettings().Url)
        {
            settings = settings with { Url = "http://localhost:5099" };
        }

        var stopped = new TaskCompletionSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var simulator = await Simulator.StartAsync(settings, TimeProvider.System, CancellationToken.None);
        await Console.Out.WriteLineAsync(
            $"Genesys simulator listening on {simulator.BaseAddress} with {settings.Queues} queues, seed {settings.Seed}. Press Ctrl+C to stop.");
        await stopped.Task;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
