using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.SystemTests.Simulating;
using GenesysSimulator.World;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Reconciliation;

/// <summary>
/// Conversations made from the events of the simulator's world, from which the simulator also computes its aggregates. Each event is a separate conversation,
/// because only the events are compared.
/// </summary>
internal sealed class SimulatedDetails(TimeProvider clock) : IDetailsReader
{
    /// <summary>Set after the simulator has started.</summary>
    public SimulatedWorld World { get; set; } = null!;

    public List<DetailsSelection> Selections { get; } = [];

    /// <summary>Changes the conversations that are read.</summary>
    public Func<IEnumerable<ConversationDetail>, IEnumerable<ConversationDetail>> Change { get; set; } = all => all;

    /// <summary>Reading begins when this task has completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Changes the report at the end of reading.</summary>
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
            // Conversation details do not contain this metric.
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
