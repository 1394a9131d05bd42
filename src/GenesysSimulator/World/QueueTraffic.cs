namespace GenesysSimulator.World;

/// <summary>Generates the traffic of a queue from the kind of the queue.</summary>
internal static class QueueTraffic
{
    public static IEnumerable<TrafficProfile> Of(QueueKind kind, SeededRandom random)
    {
        var size = Distribution.OfWork(ref random, 26) + 6;
        var pace = random.Between(700, 1_400);
        var abandons = random.Between(30, 110);
        var opening = random.Chance(400) ? OpeningHours.Extended : OpeningHours.Business;
        var voice = new TrafficProfile(MediaProfile.Voice, opening)
        {
            Inbound = size,
            Outbound = Math.Max(1, size / 20),
            Pace = pace,
            Pressure = random.Between(400, 1_600),
            Abandons = abandons,
        };
        var callback = new TrafficProfile(MediaProfile.Callback, opening) { Inbound = Math.Max(2, size / 8), Pace = pace };
        var email = new TrafficProfile(MediaProfile.Email, OpeningHours.Always) { Inbound = Math.Max(2, size / 5), Pace = pace };
        var message = new TrafficProfile(MediaProfile.Message, OpeningHours.Extended) { Inbound = Math.Max(3, size / 3), Outbound = 1, Pace = pace };
        var chat = new TrafficProfile(MediaProfile.Chat, opening) { Inbound = Math.Max(2, size / 6), Pace = pace };

        return kind switch
        {
            QueueKind.Voice => [voice],
            QueueKind.VoiceAndCallback => [voice, callback],
            QueueKind.AllDay => [voice with { Opening = OpeningHours.Always }],
            QueueKind.Outbound => [new(MediaProfile.Voice, OpeningHours.Campaign) { Outbound = size * 2, Pace = pace }],
            QueueKind.CallbackOnly => [callback with { Inbound = Math.Max(6, size / 4) }],
            QueueKind.Email => [email with { Inbound = Math.Max(4, size / 3) }],
            QueueKind.Messaging => [message],
            QueueKind.Chat => [chat],
            QueueKind.Everything => [voice, callback, email, message, chat],
            QueueKind.Video => [new(MediaProfile.Video, opening) { Inbound = 3 }, new(MediaProfile.Cobrowse, opening) { Inbound = 1 }],
            QueueKind.Internal => [voice, new(MediaProfile.InternalMessage, OpeningHours.Business) { Inbound = 1 }],
            _ => [],
        };
    }

    /// <summary>The traffic of conversations without a queue.</summary>
    public static IEnumerable<TrafficProfile> WithoutQueue =>
    [
        new(MediaProfile.Voice, OpeningHours.Always) { Inbound = 40, Outbound = 12 },
        new(MediaProfile.Message, OpeningHours.Extended) { Outbound = 3 },
    ];
}

/// <summary>The traffic of one media type in one queue, or without a queue: the volume in the busiest hour, and further parameters.</summary>
internal sealed record TrafficProfile(MediaProfile Profile, OpeningHours Opening)
{
    /// <summary>The number of conversations that customers start in the busiest hour.</summary>
    public int Inbound { get; init; }

    /// <summary>The number of conversations that agents start in the busiest hour.</summary>
    public int Outbound { get; init; }

    /// <summary>The factor for work durations, in thousandths.</summary>
    public int Pace { get; init; } = 1000;

    /// <summary>The factor for waiting times, in thousandths.</summary>
    public int Pressure { get; init; } = 1000;

    public int Abandons { get; init; } = Profile.Abandons;
}
