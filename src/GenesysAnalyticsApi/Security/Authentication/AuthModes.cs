namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>The enabled authentication modes.</summary>
[Flags]
internal enum AuthModes
{
    None = 0,
    ApiKey = 1,
    Jwt = 2,
    Anonymous = 4,
}

internal static class AuthModesDecision
{
    /// <summary>
    /// Returns the modes that <c>Auth:Mode</c> lists. Without that setting, they follow from the others: API keys if any are configured, JWT if an
    /// authority is configured, or both. With neither, anonymous access is allowed in Development, or if <c>Auth:AllowAnonymous</c> is set.
    /// </summary>
    /// <returns><see cref="AuthModes.None"/> if no mode follows, or if the setting contains an unknown mode. The service then refuses to start.</returns>
    public static AuthModes DecideModes(this AuthOptions options, IHostEnvironment environment)
    {
        if (!string.IsNullOrWhiteSpace(options.Mode))
        {
            return TryRead(options.Mode, out var configured) ? configured : AuthModes.None;
        }

        var inferred = (options.Keys.Count > 0 ? AuthModes.ApiKey : AuthModes.None) | (options.Jwt.Authority is not null ? AuthModes.Jwt : AuthModes.None);
        return inferred != AuthModes.None ? inferred : environment.IsDevelopment() || options.AllowAnonymous ? AuthModes.Anonymous : AuthModes.None;
    }

    public static bool TryRead(string text, out AuthModes modes)
    {
        modes = AuthModes.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Enum.TryParse also accepts numbers, which are not valid here.
            if (!char.IsLetter(word[0]) || !Enum.TryParse<AuthModes>(word, ignoreCase: true, out var mode) || mode == AuthModes.None)
            {
                return false;
            }

            modes |= mode;
        }

        return modes != AuthModes.None;
    }
}

/// <summary>The authentication modes in effect, determined once.</summary>
internal sealed record ActiveAuthModes(AuthModes Modes);
