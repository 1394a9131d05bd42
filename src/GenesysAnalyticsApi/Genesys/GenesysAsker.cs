namespace GenesysAnalyticsApi.Genesys;

/// <summary>On whose behalf Genesys is asked: callers take turns, and background work leaves room for questions that wait for an answer.</summary>
/// <param name="Caller">The caller's identity, not its name: what has the same one shares one turn.</param>
/// <param name="IsBackground">No question waits for it.</param>
internal sealed record GenesysAsker(string Caller, bool IsBackground)
{
    // In brackets, so that no caller has the same identity.
    public static readonly GenesysAsker Anonymous = new("(anonymous)", IsBackground: false);

    /// <summary>The service itself: the directory, and whatever else is kept young without being asked for.</summary>
    public static readonly GenesysAsker Service = new("(service)", IsBackground: true);

    /// <summary>
    /// It asks to learn how Genesys answers: a failure is the answer, so that it is neither repeated nor held against Genesys.
    /// </summary>
    public bool IsExamination { get; init; }

    /// <summary>The calls that may be made for the question; null where nothing limits them but the requests a minute.</summary>
    public CallBudget? Calls { get; init; }
}
