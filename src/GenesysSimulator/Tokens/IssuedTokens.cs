using System.Globalization;
using GenesysSimulator.World;

namespace GenesysSimulator.Tokens;

/// <summary>The tokens in force, each with its own request budget.</summary>
internal sealed class IssuedTokens(SimulatorSettings settings, TimeProvider clock)
{
    private readonly Dictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private ulong _issued;

    public string Issue()
    {
        lock (_lock)
        {
            var dice = new Dice(Dice.Mix((ulong)settings.Seed, ++_issued));
            var token = string.Create(CultureInfo.InvariantCulture, $"sim-{dice.Next():x16}{dice.Next():x16}");
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

    private void RemoveWhere(Predicate<IssuedToken> isGone)
    {
        foreach (var (name, _) in _tokens.Where(pair => isGone(pair.Value)).ToList())
        {
            _tokens.Remove(name);
        }
    }
}

/// <summary>A live token and the minute it is in.</summary>
internal sealed class IssuedToken(DateTimeOffset expiresAt)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _windowEnds;
    private int _count;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>Counts a request; the window opens with its first one and lasts a minute.</summary>
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
