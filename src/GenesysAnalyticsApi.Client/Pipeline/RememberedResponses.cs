using System.Net;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>Identifies a remembered response. The response is used again only for a request with an equal key.</summary>
/// <param name="Credentials">A hash of the caller's credentials, so no key contains a secret.</param>
internal readonly record struct ResponseKey(string Address, string Accept, string Credentials);

/// <param name="Sent">A hash of the credentials with which the request was sent, including credentials that a handler of the application has added.</param>
/// <param name="Headers">The content headers.</param>
internal sealed record RememberedResponse(string ETag, string Sent, byte[] Body, IReadOnlyList<KeyValuePair<string, IEnumerable<string>>> Headers)
{
    /// <returns>A 200 with the remembered body and the headers of the 304. These headers state how old the data is now.</returns>
    public HttpResponseMessage ConfirmedBy(HttpResponseMessage notModified)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = notModified.Version, RequestMessage = notModified.RequestMessage, Content = Content() };
        foreach (var (name, values) in notModified.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, values);
        }

        return response;
    }

    public HttpContent Content()
    {
        var content = new ByteArrayContent(Body);
        foreach (var (name, values) in Headers)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        return content;
    }
}

/// <summary>Keeps the most recently used responses, up to a maximum number and a maximum total size. Thread-safe.</summary>
internal sealed class RememberedResponses(int maxResponses, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResponseKey, LinkedListNode<(ResponseKey Key, RememberedResponse Response)>> _byKey = [];
    private readonly LinkedList<(ResponseKey Key, RememberedResponse Response)> _latestFirst = [];
    private long _bytes;

    public long MaxBytes => maxResponses == 0 ? 0 : maxBytes;

    public RememberedResponse? Find(ResponseKey key)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(key, out var found))
            {
                return null;
            }

            _latestFirst.Remove(found);
            _latestFirst.AddFirst(found);
            return found.Value.Response;
        }
    }

    /// <summary>Replaces the response with the same key. A response that exceeds the limit by itself is not remembered.</summary>
    public void Remember(ResponseKey key, RememberedResponse response)
    {
        lock (_lock)
        {
            Remove(key);
            if (response.Body.Length > MaxBytes)
            {
                return;
            }

            _byKey[key] = _latestFirst.AddFirst((key, response));
            _bytes += response.Body.Length;
            while (_byKey.Count > maxResponses || _bytes > maxBytes)
            {
                Remove(_latestFirst.Last!.Value.Key);
            }
        }
    }

    public void Forget(ResponseKey key)
    {
        lock (_lock)
        {
            Remove(key);
        }
    }

    private void Remove(ResponseKey key)
    {
        if (_byKey.Remove(key, out var removed))
        {
            _latestFirst.Remove(removed);
            _bytes -= removed.Value.Response.Body.Length;
        }
    }
}
