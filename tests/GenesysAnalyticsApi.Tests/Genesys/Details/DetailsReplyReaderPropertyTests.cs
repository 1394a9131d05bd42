// CsCheck runs each sample synchronously, so no task still uses a disposable object when the sample disposes it.
#pragma warning disable CA2025

using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Parsing;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.Details;

/// <summary>Replies that are broken at random places.</summary>
public sealed class DetailsReplyReaderPropertyTests
{
    private static readonly string[] UnexpectedValues =
    [
        "null", "true", "7", "-1", "1e999", "0.5", "\"\"", "\"Planted Name\"", "\"\\ud800\"", "\"9999-99-99T00:00:00Z\"", "[]", "{}", "[[]]", "[null]", "{\"a\":{}}",
        "\"2026-01-01T10:00:00Z\"", "99999999999999999999999999",
    ];

    [Fact]
    public void Broken_bytes_cause_no_exception_but_an_unreadable_reply() =>
        Gen.Select(Gen.Int[0, 5_000], Gen.Byte, Gen.Int[0, 3], Gen.Int[1, 100]).Sample(
            (at, value, kind, piece) =>
            {
                var bytes = Encoding.UTF8.GetBytes(DetailsWireText.Page(DetailsWireText.Bare(DetailsWireText.OtherId), DetailsWireText.Whole));
                at %= bytes.Length;
                byte[] broken = kind switch
                {
                    0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                    1 => bytes[..at],
                    2 => [.. bytes[..at], .. bytes[(at + 1)..]],
                    _ => [.. bytes[..at], value, .. bytes[at..]],
                };
                try
                {
                    Read(broken, piece);
                }
                catch (GenesysException failed)
                {
                    failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
                }
            },
            iter: 20_000);

    [Fact]
    public void An_unexpected_value_in_a_conversation_never_affects_its_neighbors_and_is_never_quoted() =>
        Gen.Select(Gen.Int, GenChoice.OneOf(UnexpectedValues), Gen.Int[0, 2]).Sample(
            (seed, value, place) =>
            {
                var conversation = JsonNode.Parse(DetailsWireText.Whole)!;
                var nodes = NodesOf(conversation).ToList();
                var broken = Replaced(DetailsWireText.Whole, nodes[(int)((uint)seed % nodes.Count)], value);
                string[] entries = [DetailsWireText.Bare("first"), DetailsWireText.Bare("last")];

                var reply = Read(Encoding.UTF8.GetBytes(DetailsWireText.Page([.. entries[..Math.Min(place, 2)], broken, .. entries[Math.Min(place, 2)..]])), 64);

                reply.Conversations.Select(one => one.Id).Where(id => id is "first" or "last").ShouldBe(["first", "last"]);
                (reply.Conversations.Count == 3 || reply.InvalidEntries.Count > 0).ShouldBeTrue("nothing is dropped without a message");
                string.Join(' ', reply.InvalidEntries).ShouldNotContain("Planted");
            },
            iter: 5_000);

    private static DetailsReply Read(byte[] bytes, int piece)
    {
        using var body = new PiecewiseStream(bytes, piece);
        return DetailsReplyReader.ReadAsync(body, new DetailsReplyParser(DetailsReplyKind.Query, DetailsRequest.MaxPageSize), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The conversation with another value at that path.</summary>
    private static string Replaced(string conversation, string path, string value)
    {
        // A JsonNode cannot hold some of the values, such as an unpaired surrogate, so the value is inserted as text.
        var document = JsonNode.Parse(conversation)!;
        var node = NodeAt(document, path);
        node.ReplaceWith("@@@");
        return document.ToJsonString().Replace("\"@@@\"", value, StringComparison.Ordinal);
    }

    private static JsonNode NodeAt(JsonNode root, string path) => Descendants(root).First(node => node.GetPath() == path);

    private static IEnumerable<string> NodesOf(JsonNode root) => Descendants(root).Select(node => node.GetPath());

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => (node switch
    {
        JsonObject members => members.Select(member => member.Value),
        JsonArray items => items,
        _ => [],
    }).OfType<JsonNode>().SelectMany(child => Descendants(child).Prepend(child));
}
