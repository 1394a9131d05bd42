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
internal sealed class ConversationTimelines(
    IConversationDetails genesys, ConversationQueues queues, IOptions<ConversationsOptions> conversations, IOptions<AggregatesOptions> aggregates, TimeProvider clock)
{
    /// <exception cref="ProblemException">404: Genesys does not know the conversation, or the caller may see nothing of it.</exception>
    public async Task<TimelineResponse> ReadAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(aggregates.Value.Timeout, clock, cancellationToken);
        try
        {
            var (_, scope) = await queues.ResolveAsync([], [], [], caller, deadline.Token);
            var page = await genesys.GetDetailAsync(id, conversations.Value.PersonalData, caller.Origin, deadline.Token);
            return page.Conversations is [var conversation] && TimelineBuilder.Of(conversation, scope) is { } timeline
                ? timeline
                : throw new ProblemException(ProblemType.UnknownConversation.WithDetail($"No conversation has the id '{InputExcerpt.Of(id)}'."));
        }
        catch (OperationCanceledException) when (deadline.IsAwaited)
        {
            throw new GenesysException(deadline.Failure);
        }
    }
}
