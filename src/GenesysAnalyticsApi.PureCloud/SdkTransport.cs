using System.Text;
using GenesysAnalyticsApi.Genesys.Pipeline;
using PureCloudPlatform.Client.V2.Client;
using HttpResponse = PureCloudPlatform.Client.V2.Client.HttpResponse;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// Replaces the SDK's HTTP client and sends the requests of the SDK through <see cref="GenesysApiClient"/>. The SDK never sees a token. Its blocking retries
/// and its gateway setting, which redirects requests, have no effect.
/// </summary>
/// <remarks>
/// The SDK passes neither a cancellation token nor the state of a call to this class, so an <see cref="AsyncLocal{T}"/> contains both. Exceptions of this class
/// pass through the SDK unchanged. Exceptions of handlers below the SDK's own client would lose their type.
/// </remarks>
internal sealed class SdkTransport(GenesysApiClient api) : AbstractHttpClient
{
    /// <summary>An empty success for the SDK. The actual reply was read within its attempt, where the request could still be retried.</summary>
    private static readonly IHttpResponse Success = new HttpResponse { StatusCode = 200, Content = "{}", Headers = [] };

    private readonly AsyncLocal<CallState?> _current = new();

    /// <param name="invoke">Calls one SDK method.</param>
    public async Task InvokeAsync(GenesysCallContext call, Func<Task> invoke, CancellationToken cancellationToken)
    {
        // The value is set in an asynchronous method, so the caller's execution context does not change.
        _current.Value = new CallState(call, cancellationToken);
        await invoke();
    }

    public override async Task<IHttpResponse> ExecuteAsync(IHttpRequest httpRequest, CancellationToken cancellationToken = default)
    {
        var (call, cancellation) = _current.Value ?? throw new InvalidOperationException("SDK methods may be called only through SdkTransport.InvokeAsync.");
        await api.SendAsync(call, () => RequestOf(httpRequest), cancellation);
        return Success;
    }

    /// <summary>Not supported, because the SDK's synchronous methods would block a thread during the call.</summary>
    public override IHttpResponse Execute(IHttpRequest httpRequest) => throw new NotSupportedException("Only asynchronous SDK methods are supported.");

    private HttpRequestMessage RequestOf(IHttpRequest request)
    {
        if (request.FormParams is { Count: > 0 } || request.FileParams is { Count: > 0 })
        {
            throw new NotSupportedException("Form requests are not supported.");
        }

        // Only the path of the SDK's URL is used, so no SDK configuration can change the host.
        var path = (request.PathParams ?? []).Aggregate(
            request.Url, (url, part) => url.Replace($"{{{part.Key}}}", Uri.EscapeDataString(part.Value), StringComparison.Ordinal));
        var query = string.Join('&', (request.QueryParams ?? []).Select(part => $"{Uri.EscapeDataString(part.Item1)}={Uri.EscapeDataString(part.Item2)}"));
        return api.CreateRequest(
            HttpMethod.Parse(request.Method),
            query.Length == 0 ? path : $"{path}?{query}",
            request.PostBody is { } body ? Encoding.UTF8.GetBytes((string)body) : null);
    }

    private sealed record CallState(GenesysCallContext Call, CancellationToken Cancellation);
}
