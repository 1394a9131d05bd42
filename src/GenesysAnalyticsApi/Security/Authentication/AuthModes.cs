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
    /// Returns the configured modes, or else what is configured: keys, an authority, or, in Development only, anonymous access. Configured keys are
    /// therefore always enforced, and outside Development the service is never open unless explicitly configured.
    /// </summary>
    /// <returns>None if nothing is enabled or the setting contains an unknown mode. The service then refuses to start.</returns>
    public static AuthModes DecideModes(this AuthOptions options, IHostEnvironment environment)
    {
        if (!string.IsNullOrWhiteSpace(options.Mode))
        {
            return TryRead(options.Mode, out var listed) ? listed : AuthModes.None;
        }

        var given = (options.Keys.Count > 0 ? AuthModes.ApiKey : AuthModes.None) | (options.Jwt.Authority is not null ? AuthModes.Jwt : AuthModes.None);
        return given != AuthModes.None ? given : environment.IsDevelopment() || options.AllowAnonymous ? AuthModes.Anonymous : AuthModes.None;
    }

    public static bool TryRead(string text, out AuthModes modes)
    {
        modes = AuthModes.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // Enum.TryParse also accepts numbers.
            if (!char.IsLetter(word[0]) || !Enum.TryParse<AuthModes>(word, ignoreCase: true, out var mode) || mode == AuthModes.None)
            {
                return false;
            }

            modes |= mode;
        }

        return modes != AuthModes.None;
    }
}
