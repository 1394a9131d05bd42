namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>Waits for a condition that another process or thread makes true.</summary>
internal static class Eventually
{
    // Half a minute: a machine that is busy with other tests needs time.
    private const int MaxAttempts = 1_500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(() => Task.FromResult(condition()), what);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(RetryDelay, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"Timed out waiting until {what}.");
    }
}
