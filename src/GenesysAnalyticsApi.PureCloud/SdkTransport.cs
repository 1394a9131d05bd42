using System.Text;
using GenesysAnalyticsApi.Genesys.Pipeline;
using PureCloudPlatform.Client.V2.Client;
using HttpResponse = PureCloudPlatform.Client.V2.Client.HttpResponse;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// Stands where the SDK has its HTTP client, and takes what it asks for our way. So the SDK never sees a token; its retry, which blocks
/// threads, its token renewal, which there is none of, and its gateway setting, which redirects, have nothing to do.
/// </summary>
/// <remarks>
/// The SDK hands over neither a cancellation token nor anything of the caller's, so these travel beside it, with the flow of execution.
/// An exception thrown here passes through the SDK as it is; one thrown by a handler under the SDK's own client would lose its type.
/// </remarks>
internal sealed class SdkTransport(GenesysApiClient sending) : AbstractHttpClient
{
    /// <summary>What the SDK makes of a success. The answer itself was read within its attempt, where it can still be asked for again.</summary>
    private static readonly IHttpResponse Read = new HttpResponse { StatusCode = 200, Content = "{}", Headers = [] };

    private readonly AsyncLocal<Carried?> _carried = new();

    /// <param name="ask">Asks the SDK for one thing.</param>
    public async Task CarryAsync(GenesysCallContext call, Func<Task> ask, CancellationToken cancellationToken)
    {
        // Set in an asynchronous method: the caller's flow never sees it.
        _carried.Value = new Carried(call, cancellationToken);
        await ask();
    }

    public override async Task<IHttpResponse> ExecuteAsync(IHttpRequest httpRequest, CancellationToken cancellationToken = default)
    {
        var (call, cancelled) = _carried.Value ?? throw new InvalidOperationException("Only the gateway asks the SDK for something.");
        await sending.SendAsync(call, () => RequestOf(httpRequest), cancelled);
        return Read;
    }

    /// <summary>The SDK's synchronous methods hold a thread for as long as the call takes.</summary>
    public override IHttpResponse Execute(IHttpRequest httpRequest) => throw new NotSupportedException("The service asks the SDK asynchronously only.");

    private HttpRequestMessage RequestOf(IHttpRequest asked)
    {
        if (asked.FormParams is { Count: > 0 } || asked.FileParams is { Count: > 0 })
        {
            throw new NotSupportedException("Nothing that the service asks for has a form.");
        }

        // The SDK's own base address is not in it: a path alone, whatever any configuration of the SDK says.
        var path = (asked.PathParams ?? []).Aggregate(
            asked.Url, (url, part) => url.Replace($"{{{part.Key}}}", Uri.EscapeDataString(part.Value), StringComparison.Ordinal));
        var query = string.Join('&', (asked.QueryParams ?? []).Select(part => $"{Uri.EscapeDataString(part.Item1)}={Uri.EscapeDataString(part.Item2)}"));
        return sending.Request(
            HttpMethod.Parse(asked.Method),
            query.Length == 0 ? path : $"{path}?{query}",
            asked.PostBody is { } body ? Encoding.UTF8.GetBytes((string)body) : null);
    }

    private sealed record Carried(GenesysCallContext Call, CancellationToken Cancelled);
}
