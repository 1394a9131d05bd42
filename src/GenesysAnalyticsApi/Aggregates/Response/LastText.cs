namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// A text made of numbers that seldom change: made again when they have. Two who come at once may both make it, which harms nobody.
/// </summary>
internal sealed class LastText<TNumbers>(Func<TNumbers, string> write)
    where TNumbers : struct, IEquatable<TNumbers>
{
    private Made? _last;

    public string Of(TNumbers numbers)
    {
        var last = _last;
        if (last is null || !last.Numbers.Equals(numbers))
        {
            _last = last = new Made(numbers, write(numbers));
        }

        return last.Text;
    }

    private sealed record Made(TNumbers Numbers, string Text);
}
