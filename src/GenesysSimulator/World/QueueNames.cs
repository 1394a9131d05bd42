namespace GenesysSimulator.World;

/// <summary>The kind of a queue: its media types and opening hours.</summary>
internal enum QueueKind
{
    Voice,
    VoiceAndCallback,
    AllDay,
    Outbound,
    CallbackOnly,
    Email,
    Messaging,
    Chat,
    Everything,
    Video,
    Internal,
    Silent,
}

internal sealed record QueuePlan(string Name, string Division, QueueKind Kind)
{
    public bool IsDeleted { get; init; }

    public bool IsRecent { get; init; }
}

/// <summary>Plans the queues and their names. Special cases come first, so even small organizations contain them.</summary>
internal static class QueueNames
{
    public static readonly string[] Divisions = ["Home", "DACH", "UK & Ireland", "Iberia", "Back Office"];

    /// <summary>A deleted queue. It has conversations but is not in the queue list, and it is added to the configured number of queues.</summary>
    public static readonly QueuePlan Deleted = new("Legacy Hotline", "Home", QueueKind.Voice) { IsDeleted = true };

    private static readonly QueuePlan[] SpecialCases =
    [
        new("Billing DE", "DACH", QueueKind.VoiceAndCallback),
        new("Billing EN", "UK & Ireland", QueueKind.Voice),
        new("Customer Service", "DACH", QueueKind.Everything),
        new("Customer Service", "UK & Ireland", QueueKind.Voice),
        new("Sales Outbound", "Home", QueueKind.Outbound),
        new("Support 24/7", "Home", QueueKind.AllDay),
        new("Callback Desk", "Home", QueueKind.CallbackOnly),
        new("Disaster Recovery", "Home", QueueKind.Silent),
        new("Spring Campaign", "Home", QueueKind.Voice) { IsRecent = true },
        new("Claims, \"Priority\"", "UK & Ireland", QueueKind.Voice),
        new("=VIP", "Home", QueueKind.VoiceAndCallback),
        new("Kündigungen & Rückfragen", "DACH", QueueKind.Voice),
        new("E-mail Team", "Back Office", QueueKind.Email),
        new("Web Messaging", "Home", QueueKind.Messaging),
        new("Web Chat (old)", "Home", QueueKind.Chat),
        new("Video Advice", "DACH", QueueKind.Video),
        new("IT Helpdesk", "Back Office", QueueKind.Internal),
        new("Facturación ES", "Iberia", QueueKind.Voice),
        new("日本語サポート", "Home", QueueKind.Messaging),
        new("Retention Outbound", "DACH", QueueKind.Outbound),
    ];

    private static readonly string[] Topics =
    [
        "Sales", "Support", "Orders", "Returns", "Delivery", "Contracts", "Moving House", "Meter Readings", "Technical Support",
        "Complaints", "Loyalty", "Appointments", "Business Customers", "Payments", "Insurance", "Warranty", "Partners", "Tariffs",
        "Roaming", "Installation",
    ];

    private static readonly (string Suffix, string Division)[] Regions =
    [
        ("DE", "DACH"), ("EN", "UK & Ireland"), ("AT", "DACH"), ("ES", "Iberia"), ("CH", "DACH"), ("IE", "UK & Ireland"),
        ("PT", "Iberia"), ("FR", "Home"), ("IT", "Home"), ("NL", "Home"),
    ];

    private static readonly QueueKind[] Kinds =
    [
        QueueKind.Voice, QueueKind.VoiceAndCallback, QueueKind.Email, QueueKind.Voice, QueueKind.Messaging, QueueKind.Voice,
        QueueKind.Everything, QueueKind.AllDay,
    ];

    public static IEnumerable<QueuePlan> Take(int count)
    {
        for (var index = 0; index < count; index++)
        {
            yield return index < SpecialCases.Length ? SpecialCases[index] : Generated(index - SpecialCases.Length);
        }
    }

    private static QueuePlan Generated(int index)
    {
        var (suffix, division) = Regions[index / Topics.Length % Regions.Length];
        var round = index / (Topics.Length * Regions.Length);
        var name = $"{Topics[index % Topics.Length]} {suffix}" + (round == 0 ? "" : $" {round + 1}");
        return new(name, division, Kinds[(index + (index / Topics.Length)) % Kinds.Length]);
    }
}
