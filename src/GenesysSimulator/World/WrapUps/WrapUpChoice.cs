namespace GenesysSimulator.World.WrapUps;

/// <summary>
/// The wrap-up codes of one queue. Their shares differ a little from queue to queue. Codes are identified by their numbers (<see cref="WrapUpCodes"/>).
/// </summary>
internal sealed class WrapUpChoice
{
    private readonly byte[] _reached;
    private readonly byte[] _notReached;

    public WrapUpChoice(IReadOnlyList<SimulatedWrapUpCode> codes, QueueKind kind, SeededRandom random)
    {
        Codes = codes;
        _reached = Table(kind, SessionOutcome.Reached, ref random);
        _notReached = Table(kind, SessionOutcome.NotReached, ref random);
        Used = [.. _reached.Concat(_notReached).Distinct().Order().Select(number => (int)number)];
    }

    /// <summary>All codes of the organization.</summary>
    public IReadOnlyList<SimulatedWrapUpCode> Codes { get; }

    /// <summary>The numbers of the codes that sessions of the queue can have.</summary>
    public IReadOnlyList<int> Used { get; }

    public byte Pick(ulong seed, bool isReached) =>
        isReached ? _reached[new SeededRandom(seed).Below(_reached.Length)] : _notReached[new SeededRandom(seed).Below(_notReached.Length)];

    // The table has about one entry per thousandth, so a choice is a single lookup.
    private byte[] Table(QueueKind kind, SessionOutcome outcome, ref SeededRandom random)
    {
        var table = new List<byte>();
        for (var number = 1; number <= Codes.Count; number++)
        {
            var code = Codes[number - 1];
            var share = code.Share * random.Between(700, 1_300) / 1000;
            if (code.Kinds.Contains(kind) && (code.Outcome == outcome || code.Outcome == SessionOutcome.Any))
            {
                table.AddRange(Enumerable.Repeat((byte)number, share));
            }
        }

        return [.. table];
    }
}
