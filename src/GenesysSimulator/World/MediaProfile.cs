namespace GenesysSimulator.World;

/// <summary>How conversations of a media type go. Durations are medians in milliseconds, chances are thousandths.</summary>
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

    /// <summary>Messages of a conversation that is written; 0 for one that is spoken.</summary>
    public int Turns { get; init; }

    /// <summary>The service level of the queue's settings: so many thousandths within so many milliseconds.</summary>
    public int TargetThousandths { get; init; } = 800;

    public int ThresholdMs { get; init; } = 20_000;

    public int AlertingSeconds { get; init; } = 15;

    /// <summary>No event comes later than this after the hour in which the conversation began: how far a question must look back.</summary>
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

    /// <summary>Messaging has no "abandoned": who does not wait simply writes no more.</summary>
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
