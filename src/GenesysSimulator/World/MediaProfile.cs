namespace GenesysSimulator.World;

/// <summary>Parameters of the conversations of a media type. Durations are medians in milliseconds; probabilities are in thousandths.</summary>
internal sealed record MediaProfile(string Media)
{
    public int Wait { get; init; } = 8_000;

    public int Patience { get; init; } = 70_000;

    public int Talk { get; init; } = 210_000;

    public int AfterCallWork { get; init; } = 40_000;

    public int Abandons { get; init; } = 60;

    public int FlowsOut { get; init; } = 25;

    public int Holds { get; init; }

    public int Transfers { get; init; } = 70;

    /// <summary>
    /// The maximum number of turns of a written conversation; 0 for a spoken one. A turn is a message from the agent and one from the customer.
    /// </summary>
    public int Turns { get; init; }

    /// <summary>The service level target in thousandths.</summary>
    public int TargetThousandths { get; init; } = 800;

    public int ThresholdMs { get; init; } = 20_000;

    public int AlertingSeconds { get; init; } = 15;

    /// <summary>All events of a conversation occur within this many hours after the hour in which it began, so a query must look back this far.</summary>
    public int LookbackHours { get; init; } = 5;

    public static readonly MediaProfile Voice = new("voice") { Holds = 180 };

    public static readonly MediaProfile Callback = new("callback")
    {
        Wait = 900_000,
        Talk = 240_000,
        ThresholdMs = 3_600_000,
        AlertingSeconds = 30,
        LookbackHours = 12,
    };

    public static readonly MediaProfile Chat = new("chat")
    {
        Wait = 18_000,
        Talk = 420_000,
        AfterCallWork = 25_000,
        Turns = 7,
        ThresholdMs = 30_000,
        AlertingSeconds = 30,
        LookbackHours = 6,
    };

    public static readonly MediaProfile Email = new("email")
    {
        Wait = 3_600_000,
        Talk = 480_000,
        AfterCallWork = 20_000,
        Abandons = 0,
        FlowsOut = 40,
        Turns = 1,
        ThresholdMs = 14_400_000,
        AlertingSeconds = 300,
        LookbackHours = 26,
    };

    /// <summary>Messaging has no abandoned conversations, because customers simply stop writing.</summary>
    public static readonly MediaProfile Message = new("message")
    {
        Wait = 45_000,
        Talk = 900_000,
        AfterCallWork = 30_000,
        Abandons = 0,
        FlowsOut = 50,
        Turns = 9,
        ThresholdMs = 120_000,
        AlertingSeconds = 60,
        LookbackHours = 9,
    };

    public static readonly MediaProfile Video = new("video") { Wait = 25_000, Talk = 600_000, LookbackHours = 6 };

    public static readonly MediaProfile Cobrowse = new("cobrowse") { Abandons = 0, FlowsOut = 0, Transfers = 0, Talk = 300_000 };

    public static readonly MediaProfile InternalMessage = new("internalmessage") { Abandons = 0, FlowsOut = 0, Turns = 3, Talk = 180_000 };
}
