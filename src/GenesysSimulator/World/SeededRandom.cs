namespace GenesysSimulator.World;

/// <summary>
/// The only random number generator of the simulation: SplitMix64. Its definition fixes the output for a seed, whereas the output of System.Random might change
/// with the runtime.
/// </summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong left, ulong right) => Scramble((left * 0x9E3779B97F4A7C15UL) ^ (right + 0xD1B54A32D192ED03UL));

    public ulong Next() => Scramble(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>Returns a number from 0 up to, but excluding, the limit.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    public int Between(int min, int max) => min + Below(max - min + 1);

    public bool Chance(int perMille) => Below(1000) < perMille;

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
