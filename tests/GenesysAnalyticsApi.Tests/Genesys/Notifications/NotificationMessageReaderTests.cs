using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.RealTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Notifications;

public sealed class NotificationMessageReaderTests
{
    private const string QueueId = "05f1c285-6777-4ccc-806f-8db085ae0793";

    private const string Activity =
        """
        {"topicName":"v2.analytics.queues.05f1c285-6777-4ccc-806f-8db085ae0793.activity","version":"2","eventBody":{"results":[
          {"mediaType":"voice","data":[{"metric":"oWaiting","count":4},{"metric":"oInteracting","count":2},{"metric":"oLongestWaiting","count":4,"calculatedMetricValue":1795598000000},{"metric":"oFlow","count":1}]},
          {"mediaType":"chat","data":[{"metric":"oAlerting","count":1}]}]},"metadata":{"CorrelationId":"1"}}
        """;

    private const string Users =
        """
        {"topicName":"v2.analytics.queues.05f1c285-6777-4ccc-806f-8db085ae0793.observations","version":"2","eventBody":{"group":{"queueId":"05f1c285-6777-4ccc-806f-8db085ae0793"},"data":[
          {"interval":"2026-11-23T09:00:00.000Z/2026-11-23T09:30:00.000Z","metrics":[{"metric":"nOffered","stats":{"count":12}},{"metric":"oOnQueueUsers","qualifier":"IDLE","stats":{"count":9}}]},
          {"interval":"2026-11-23T09:15:00.000Z/2026-11-23T09:15:00.000Z","metrics":[{"metric":"oOnQueueUsers","qualifier":"IDLE","stats":{"count":2}},{"metric":"oMemberUsers","stats":{"count":7}}]}]}}
        """;

    [Fact]
    public async Task An_activity_message_has_the_figures_of_each_media_type()
    {
        var message = (await ReadAsync(Activity)).ShouldBeOfType<QueueActivityMessage>();

        message.QueueId.ShouldBe(QueueId);
        message.Page.Invalid.ShouldBeEmpty();
        message.Page.Figures.Select(figure => (figure.Key.MediaType, figure.Key.Metric, figure.Value.Count)).ShouldBe(
            [("voice", "oWaiting", 4), ("voice", "oInteracting", 2), ("voice", "oLongestWaiting", 4), ("chat", "oAlerting", 1)], ignoreOrder: true);
        message.Page.Figures[new ActivityFigureKey(QueueId, "voice", "oLongestWaiting", null, null)].Since!.Value.ToUnixTimeMilliseconds().ShouldBe(1_795_598_000_000);
    }

    [Fact]
    public async Task The_last_value_of_a_repeated_figure_applies_and_counters_are_left_out()
    {
        var message = (await ReadAsync(Users)).ShouldBeOfType<QueueUsersMessage>();

        message.Page.Invalid.ShouldBeEmpty();
        message.Page.Figures.Select(figure => (figure.Key.Metric, figure.Key.Qualifier, figure.Value.Count)).ShouldBe(
            [("oOnQueueUsers", "IDLE", 2), ("oMemberUsers", null, 7)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}""", typeof(HeartbeatMessage))]
    [InlineData("""{"topicName":"channel.metadata","eventBody":{"message":"pong"}}""", typeof(HeartbeatMessage))]
    [InlineData("""{"topicName":"channel.metadata"}""", typeof(HeartbeatMessage))]
    [InlineData("""{"topicName":"v2.system.socket_closing","eventBody":{}}""", typeof(SocketClosingMessage))]
    [InlineData("""{"topicName":"v2.system.token_revoked"}""", typeof(SubscriptionEndedMessage))]
    [InlineData("""{"topicName":"v2.system.no_longer_subscribed"}""", typeof(SubscriptionEndedMessage))]
    [InlineData("""{"topicName":"v2.system.subscription_changed"}""", typeof(OtherMessage))]
    [InlineData("""{"topicName":"v2.hologram","eventBody":7}""", typeof(OtherMessage))]
    [InlineData("""{"topicName":"v2.analytics.queues.a.observations","eventBody":{"group":{"mediaType":"voice"},"data":[]}}""", typeof(OtherMessage))]
    [InlineData("""{"topicName":"v2.analytics.queues.a.activity"}""", typeof(UnreadableMessage))]
    [InlineData("""{"topicName":"v2.analytics.queues.a.activity","eventBody":[7]}""", typeof(UnreadableMessage))]
    [InlineData("""{"topicName":"v2.analytics.queues.a.activity","eventBody":{"results":7}}""", typeof(UnreadableMessage))]
    [InlineData("""{"topicName":"v2.analytics.queues.a.observations","eventBody":{"data":{}}}""", typeof(UnreadableMessage))]
    [InlineData("""{"topicName":"v2.analytics.queues.a.activity","eventBody":{}}""", typeof(QueueActivityMessage))]
    [InlineData("""{"topicName":7}""", typeof(UnreadableMessage))]
    [InlineData("{}", typeof(UnreadableMessage))]
    [InlineData("[]", typeof(UnreadableMessage))]
    [InlineData("", typeof(UnreadableMessage))]
    public async Task Every_message_has_a_kind(string text, Type kind) => (await ReadAsync(text)).ShouldBeOfType(kind);

    [Fact]
    public async Task An_invalid_entry_is_reported_and_does_not_affect_the_others()
    {
        var text = Activity.Replace("\"count\":2", "\"count\":-2", StringComparison.Ordinal);

        var message = (await ReadAsync(text)).ShouldBeOfType<QueueActivityMessage>();

        message.Page.Invalid.ShouldHaveSingleItem().Metric.ShouldBe("oInteracting");
        message.Page.Figures.Count.ShouldBe(3);
    }

    [Fact]
    public void Broken_bytes_never_throw() => Gen.Select(GenText(), Gen.Int[0, 1_000], Gen.Byte, Gen.Int[0, 2]).Sample(
        (text, at, value, kind) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            at %= bytes.Length;
            byte[] broken = kind switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => bytes[..at],
                _ => [.. bytes[..at], value, .. bytes[at..]],
            };
            var reading = NotificationMessageReader.ReadAsync(broken, CancellationToken.None);
            reading.IsCompletedSuccessfully.ShouldBeTrue(reading.Exception?.ToString());
        },
        iter: 5_000);

    private static Gen<string> GenText() => Gen.Bool.Select(isActivity => isActivity ? Activity : Users);

    private static Task<NotificationMessage> ReadAsync(string text) => NotificationMessageReader.ReadAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
}
