using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

internal enum AsyncQueryState
{
    Queued,
    Pending,
    Fulfilled,
    Failed,
    Cancelled,
    Expired,
}

/// <summary>The status of an asynchronous query according to Genesys.</summary>
/// <param name="ErrorMessage">Why Genesys could not compute the query, if its reply states a reason. The text is not sanitized.</param>
internal sealed record AsyncQueryStatus(AsyncQueryState State, string? ErrorMessage)
{
    private const int MaxIdLength = 200;

    // The limit protects the stack. Members that the service does not read can be nested up to this depth.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>Whether Genesys has not finished the query yet.</summary>
    public bool IsRunning => State is AsyncQueryState.Queued or AsyncQueryState.Pending;

    /// <summary>Reads the id from the reply to a submission.</summary>
    public static async ValueTask<string> ReadIdAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);

        // An id without a letter or digit could be "..", which would change the path of the next request. The submission is not repeated after an unusable id,
        // because a repetition could create another query at Genesys that this service cannot delete.
        return MemberOf(reply, "jobId") is { Length: > 0 and <= MaxIdLength } id && id.Any(char.IsLetterOrDigit)
            ? id
            : throw GenesysExceptionFactory.Unreadable("the asynchronous query has no usable 'jobId'", RetryKind.Never);
    }

    public static async ValueTask<AsyncQueryStatus> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var name = MemberOf(reply, "state") ?? throw GenesysExceptionFactory.Unreadable("the asynchronous query has no 'state'");

        // The first character must be a letter, because Enum.TryParse also accepts numbers.
        return char.IsAsciiLetter(name.FirstOrDefault()) && Enum.TryParse<AsyncQueryState>(name, ignoreCase: true, out var state) && Enum.IsDefined(state)
            ? new(state, MemberOf(reply, "errorMessage"))
            : throw GenesysExceptionFactory.Unreadable($"the asynchronous query has the unknown state '{InputExcerpt.Of(name)}'", RetryKind.Once);
    }

    private static async Task<JsonDocument> ParseAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, Options, cancellationToken);
        }
        catch (JsonException exception)
        {
            throw GenesysExceptionFactory.Unreadable("the reply about the asynchronous query is not valid JSON", cause: exception);
        }
    }

    private static string? MemberOf(JsonDocument reply, string name) => reply.RootElement.ValueKind == JsonValueKind.Object ? reply.RootElement.Text(name) : null;
}
