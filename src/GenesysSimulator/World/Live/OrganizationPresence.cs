namespace GenesysSimulator.World.Live;

/// <summary>A presence that the organization has defined, with its system presence.</summary>
public sealed record OrganizationPresence(Guid Id, string SystemPresence, string Name);

/// <summary>The presences of the organization. For each system presence, there is a presence with the same name; for some, there are more.</summary>
internal static class OrganizationPresences
{
    public const string OnQueue = "ON_QUEUE";
    public const string Available = "AVAILABLE";
    public const string Offline = "OFFLINE";

    private static readonly (string System, string Name)[] Names =
    [
        (Available, "Available"), ("AWAY", "Away"), ("BREAK", "Break"), ("BREAK", "Screen break"), ("BUSY", "Busy"), ("BUSY", "Follow-up work"),
        ("IDLE", "Idle"), ("MEAL", "Meal"), ("MEETING", "Meeting"), ("MEETING", "Team briefing"), (Offline, "Offline"), (OnQueue, "On Queue"),
        ("TRAINING", "Training"),
    ];

    public static IReadOnlyList<OrganizationPresence> Of(ulong seed) =>
        [.. Names.Select(presence => new OrganizationPresence(Identity.Of(seed, "presence:" + presence.Name), presence.System, presence.Name))];
}
