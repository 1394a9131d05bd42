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
    /// Returns the modes that <c>Auth:Mode</c> lists. If <c>Auth:Mode</c> is not set, the modes follow from other settings: ApiKey if any key is configured,
    /// and Jwt if an authority is configured. If neither is configured, the mode is Anonymous in Development, or if <c>Auth:AllowAnonymous</c> is set.
    /// </summary>
    /// <returns>
    /// <see cref="AuthModes.None"/> if the settings imply no mode, or if <c>Auth:Mode</c> contains an unknown mode. In either case, the service does not start.
    /// </returns>
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
            // Enum.TryParse also accepts numbers, but Auth:Mode does not.
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
