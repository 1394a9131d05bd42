using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

/// <summary>The API keys of a test: their settings, and the keys themselves.</summary>
internal sealed class IssuedKeys
{
    private readonly Dictionary<string, string> _keys = [];

    public Dictionary<string, string> Settings { get; } = [];

    public string this[string holder] => _keys[holder];

    /// <param name="holder">The name of the key, by which the test also refers to it.</param>
    public IssuedKeys Add(string holder, params (string Setting, string Value)[] settings)
    {
        var section = $"Auth:Keys:{_keys.Count}";
        _keys.Add(holder, ApiKeyAuthenticator.New());
        Settings[$"{section}:Name"] = holder;
        Settings[$"{section}:Sha256"] = ApiKeyAuthenticator.HashOf(_keys[holder]);
        foreach (var (setting, value) in settings)
        {
            Settings[$"{section}:{setting}"] = value;
        }

        return this;
    }

    /// <summary>A client that sends the holder's key.</summary>
    public HttpClient Of(string holder, RunningService service)
    {
        var client = service.CreateClient();
        client.DefaultRequestHeaders.Add(ApiKeyAuthenticator.Header, this[holder]);
        return client;
    }
}
