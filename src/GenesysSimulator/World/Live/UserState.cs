namespace GenesysSimulator.World.Live;

/// <summary>The presence and routing status of a user at an instant.</summary>
/// <param name="Since">When the presence began, in milliseconds since 1970.</param>
/// <param name="RoutingSince">When the routing status began, in milliseconds since 1970.</param>
internal readonly record struct UserState(OrganizationPresence Presence, string RoutingStatus, long Since, long RoutingSince)
{
    public const string OffQueue = "OFF_QUEUE";
    public const string Idle = "IDLE";
    public const string Interacting = "INTERACTING";
    public const string Communicating = "COMMUNICATING";
    public const string NotResponding = "NOT_RESPONDING";

    public bool IsOnQueue => RoutingStatus != OffQueue;
}
