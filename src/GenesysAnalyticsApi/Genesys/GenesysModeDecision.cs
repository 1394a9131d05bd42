namespace GenesysAnalyticsApi.Genesys;

internal static class GenesysModeDecision
{
    /// <summary><c>Live</c> or <c>Simulator</c>: simulated figures come uninvited only on a developer's machine without credentials.</summary>
    public static GenesysMode DecideMode(this GenesysOptions options, IHostEnvironment environment)
    {
        if (options.Mode != GenesysMode.Auto)
        {
            return options.Mode;
        }

        var hasCredentials = !string.IsNullOrWhiteSpace(options.ClientId) || !string.IsNullOrWhiteSpace(options.ClientSecret);
        return environment.IsDevelopment() && !hasCredentials ? GenesysMode.Simulator : GenesysMode.Live;
    }
}
