namespace GenesysSimulator.World.WrapUps;

/// <summary>The wrap-up codes of the organization.</summary>
internal static class WrapUpCodes
{
    /// <summary>The number for a session without a code. The numbers of the codes start at 1.</summary>
    public const int None = 0;

    private const string Timeout = "ININ-WRAP-UP-TIMEOUT";

    private static readonly QueueKind[] All = Enum.GetValues<QueueKind>();
    private static readonly QueueKind[] Sales = [QueueKind.Outbound];
    private static readonly QueueKind[] Written = [QueueKind.Email, QueueKind.Messaging, QueueKind.Chat, QueueKind.Everything];
    private static readonly QueueKind[] NotOutbound = [.. All.Except(Sales)];
    private static readonly QueueKind[] Spoken = [.. NotOutbound.Except([QueueKind.Email, QueueKind.Messaging, QueueKind.Chat])];

    public static IReadOnlyList<SimulatedWrapUpCode> Of(ulong seed, IReadOnlyList<SimulatedDivision> divisions)
    {
        return
        [
            Code("Resolved", 260, NotOutbound),
            Code("Information given", 170, NotOutbound),
            Code("Follow-up required", 100, All),
            Code("Invoice question", 80, NotOutbound),
            Code("Order placed", 70, NotOutbound),
            Code("Callback agreed", 60, [.. Spoken, .. Sales]),
            Code("Escalated to second level", 50, NotOutbound),
            Code("Complaint, \"urgent\"", 40, NotOutbound),
            Code("Kündigung & Rückgabe", 40, NotOutbound),
            Code("=Other", 30, All), // starts like a spreadsheet formula
            Code("Spam", 60, Written),
            Code("Sale closed", 190, Sales),
            Code("No interest", 480, Sales),
            Code("Customer not reached", 850, All, SessionOutcome.NotReached),
            Code("Wrong number", 110, [.. Spoken, .. Sales], SessionOutcome.NotReached),
            Code("Voucher campaign (old)", 25, All) with { State = WrapUpCodeState.Deleted },
            new(Timeout, Timeout, WrapUpCodeState.System, divisions[0]) { Share = 35, Kinds = All, Outcome = SessionOutcome.Any },
        ];

        SimulatedWrapUpCode Code(string name, int share, QueueKind[] kinds, SessionOutcome outcome = SessionOutcome.Reached) =>
            new(Identity.Of(seed, "wrap-up-code:" + name).ToString(), name, WrapUpCodeState.Listed, divisions[0]) { Share = share, Kinds = kinds, Outcome = outcome };
    }
}
