namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>The ways in which callers are let in.</summary>
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
    /// What is listed; else what there is: keys, an authority; else, in Development only, anybody. So keys that are given are never there
    /// in vain, and outside Development nothing makes the service open but being told so.
    /// </summary>
    /// <returns>None where that is no answer, or the list has a word that is no mode: the service does not start then.</returns>
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
            // A number would be parsed too.
            if (!char.IsLetter(word[0]) || !Enum.TryParse<AuthModes>(word, ignoreCase: true, out var mode) || mode == AuthModes.None)
            {
                return false;
            }

            modes |= mode;
        }

        return modes != AuthModes.None;
    }
}
