using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Timeline;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Reads the timeline of one conversation.</summary>
internal sealed class TimelineReader(
    IConversationDetails genesys, VisibleQueuesResolver queues, ConversationMetaBuilder metas, IOptions<ConversationsOptions> conversations, IOptions<AggregatesOptions> aggregates, TimeProvider clock)
{
    /// <exception cref="ProblemException">404: Genesys has no such conversation, or the caller is not allowed to see any part of the conversation.</exception>
    public async Task<TimelineResponse> ReadAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(aggregates.Value.Timeout, clock, cancellationToken);
        try
        {
            var visible = await queues.ResolveAsync([], [], [], caller, deadline.Token);
            var page = await genesys.GetDetailAsync(id, conversations.Value.PersonalData, caller.Origin, deadline.Token);
            var report = new DetailsReadReport();
            report.Add(page);
            return page.Conversations is [var conversation] && TimelineBuilder.Of(conversation, visible.Scope, metas.Of(report, visible, Instant.MinValue)) is { } timeline
                ? timeline
                : throw new ProblemException(ProblemType.UnknownConversation.WithDetail($"No conversation that you may see has the id '{InputExcerpt.Of(id)}'. Take an id from GET /conversations."));
        }
        catch (OperationCanceledException) when (deadline.IsCallerConnected)
        {
            throw new GenesysException(deadline.Failure);
        }
    }
}
