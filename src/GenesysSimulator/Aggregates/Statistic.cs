namespace GenesysSimulator.Aggregates;

/// <summary>The accumulated events of one metric. For a service level, the count is the denominator and the sum is the numerator.</summary>
internal struct Statistic
{
    public long Count;
    public long Sum;
    public int Min;
    public int Max;

    public void Add(int value)
    {
        Min = Count == 0 ? value : Math.Min(Min, value);
        Max = Count == 0 ? value : Math.Max(Max, value);
        Count++;
        Sum += value;
    }

    public void Add(in Statistic other)
    {
        if (other.Count == 0)
        {
            return;
        }

        Min = Count == 0 ? other.Min : Math.Min(Min, other.Min);
        Max = Count == 0 ? other.Max : Math.Max(Max, other.Max);
        Count += other.Count;
        Sum += other.Sum;
    }
}
