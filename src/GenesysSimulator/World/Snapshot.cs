namespace GenesysSimulator.World;

/// <summary>
/// The point in time from which the simulation is observed, in milliseconds since 1970. Events after <see cref="Now"/> do not exist yet. With late mutation,
/// only data that is at least 48 hours old is corrected, as if by Genesys' nightly pipeline.
/// </summary>
internal readonly record struct Snapshot(long Now, bool LateMutation = false, long DriftFrom = 0, long DriftTo = 0)
{
    /// <summary>The result for a conversation that is not available yet.</summary>
    public const int NotAvailableYet = -1;

    private const long PipelineAge = 48 * WorldHour.Milliseconds;

    /// <summary>
    /// Returns the milliseconds that corrections add to after-call work, or <see cref="NotAvailableYet"/>. Deterministic for each conversation.
    /// </summary>
    public int CorrectionOf(long start, ulong chance)
    {
        var drift = start >= DriftFrom && start < DriftTo ? 1_000 + (int)(chance % 7_000UL) : 0;
        if (!LateMutation)
        {
            return drift;
        }

        var isCorrected = start + PipelineAge <= Now;
        return (int)((chance >> 32) & 63) switch
        {
            0 => isCorrected ? drift : NotAvailableYet,
            < 8 => isCorrected ? drift + 2_000 + (int)((chance >> 16) % 20_000UL) : drift,
            _ => drift,
        };
    }
}
