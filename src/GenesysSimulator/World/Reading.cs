namespace GenesysSimulator.World;

/// <summary>
/// From when the world is looked at. Nothing stamped later than <see cref="Now"/> exists yet, and with late mutation the nightly
/// pipeline of Genesys has corrected only what is 48 hours old (genesys-api: settling of recent data).
/// </summary>
internal readonly record struct Reading(long Now, bool LateMutation = false, long DriftFrom = 0, long DriftTo = 0)
{
    /// <summary>The conversation's raw events have not reached the store.</summary>
    public const int NotThereYet = -1;

    private const long PipelineAge = 48 * WorldHour.Milliseconds;

    /// <summary>Milliseconds that after-call work was too short by before it was corrected; the same conversation gets the same answer.</summary>
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
            0 => isCorrected ? drift : NotThereYet,
            < 8 => isCorrected ? drift + 2_000 + (int)((chance >> 16) % 20_000UL) : drift,
            _ => drift,
        };
    }
}
