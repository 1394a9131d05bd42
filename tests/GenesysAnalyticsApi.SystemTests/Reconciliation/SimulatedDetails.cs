using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.SystemTests.Simulating;
using GenesysSimulator.World;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Reconciliation;

/// <summary>
/// Conversations made of the events of the simulator's world, from which it also computes its aggregates. Each event is a conversation of its own, because only
/// the events count.
/// </summary>
internal sealed class SimulatedDetails(TimeProvider clock) : IDetailsReader
{
    /// <summary>Set when the simulator has started.</summary>
    public SimulatedWorld World { get; set; } = null!;

    public List<DetailsSelection> Selections { get; } = [];

    /// <summary>Changes what is read.</summary>
    public Func<IEnumerable<ConversationDetail>, IEnumerable<ConversationDetail>> Change { get; set; } = all => all;

    /// <summary>Reading begins when it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Changes the notes at the end.</summary>
    public Action<DetailsReadReport> Note { get; set; } = _ => { };

    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsReadReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Selections.Add(selection);
        report.Add(new DetailsPage([]) { FetchedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()) });
        await Gate.WaitAsync(cancellationToken);
        foreach (var conversation in Change(All(selection)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return conversation;
        }

        Note(report);
    }

    private IEnumerable<ConversationDetail> All(DetailsSelection selection) =>
        SimulatedEvents.Between(World, selection.From.ToDateTimeOffset(), selection.To.ToDateTimeOffset(), clock.GetUtcNow())
            // Details do not carry it.
            .Where(one => one.Metric != "tWait")
            .Select((one, index) =>
            {
                var at = Instant.FromDateTimeOffset(one.At);
                return new ConversationDetail
                {
                    Id = $"{index}",
                    Start = at,
                    End = at,
                    Participants =
                    [
                        new DetailParticipant
                        {
                            Purpose = one["userId"] is null ? "acd" : "agent",
                            UserId = one["userId"],
                            Sessions =
                            [
                                new DetailSession
                                {
                                    MediaType = one["mediaType"],
                                    Segments = [new DetailSegment { Start = at, End = at, QueueId = one["queueId"] }],
                                    Metrics = [new DetailMetric(one.Metric, one.Value, at)],
                                },
                            ],
                        },
                    ],
                };
            });
}
