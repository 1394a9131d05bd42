using System.Globalization;
using GenesysSimulator.World;

namespace GenesysSimulator.Tokens;

/// <summary>The valid tokens, each with its own request count.</summary>
internal sealed class IssuedTokens(SimulatorSettings settings, TimeProvider clock)
{
    private readonly Dictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private ulong _issued;

    public string Issue()
    {
        lock (_lock)
        {
            var random = new SeededRandom(SeededRandom.Mix((ulong)settings.Seed, ++_issued));
            var token = string.Create(CultureInfo.InvariantCulture, $"sim-{random.Next():x16}{random.Next():x16}");
            RemoveExpired();
            _tokens[token] = new(clock.GetUtcNow().AddSeconds(settings.TokenSeconds));
            return token;
        }
    }

    public IssuedToken? Find(string token)
    {
        lock (_lock)
        {
            return _tokens.TryGetValue(token, out var found) && clock.GetUtcNow() < found.ExpiresAt ? found : null;
        }
    }

    public void RevokeAll()
    {
        lock (_lock)
        {
            _tokens.Clear();
        }
    }

    public void Revoke(IssuedToken token)
    {
        lock (_lock)
        {
            RemoveWhere(issued => ReferenceEquals(issued, token));
        }
    }

    private void RemoveExpired()
    {
        var now = clock.GetUtcNow();
        RemoveWhere(issued => issued.ExpiresAt <= now);
    }

    private void RemoveWhere(Predicate<IssuedToken> match)
    {
        foreach (var (name, _) in _tokens.Where(pair => match(pair.Value)).ToList())
        {
            _tokens.Remove(name);
        }
    }
}

/// <summary>A valid token and its current rate limit window.</summary>
internal sealed class IssuedToken(DateTimeOffset expiresAt)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _windowEnds;
    private int _count;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>Counts a request. A rate limit window starts with the first request in it and lasts one minute.</summary>
    public (int Count, int SecondsLeft) Count(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now >= _windowEnds)
            {
                (_windowEnds, _count) = (now.AddSeconds(60), 0);
            }

            return (++_count, (int)Math.Ceiling((_windowEnds - now).TotalSeconds));
        }
    }
}
