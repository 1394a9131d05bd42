using GenesysAnalyticsApi.Genesys;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>What the organisation allows. Reading it needs no permission, and nothing in the service needs it.</summary>
internal sealed class LimitsExaminer(GenesysLimits limits, IOptions<GenesysOptions> options) : IExaminer
{
    public string Name => Examinations.Limits;

    public IReadOnlyList<string> Needs => [Examinations.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Awaits => "The listing of the organisation's limits";

    public async Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await visit.AskAsync(() => limits.ReadAsync(Visit.Asker, cancellationToken), listed => listed.Calls);
            return reply.Limits.TryGetValue(GenesysLimits.RequestsPerMinute, out var allowed)
                ? Judged(allowed)
                : Finding.Skipped($"Not examined: the organisation's limits do not have '{GenesysLimits.RequestsPerMinute}'.");
        }
        catch (GenesysException failed)
        {
            return Finding.Skipped($"Not examined: {failed.Failure.Message}") with { Details = GenesysRemedies.DetailsOf(failed.Failure) };
        }
    }

    private Finding Judged(double allowed)
    {
        var ours = options.Value.RequestsPerMinute;
        var text = FormattableString.Invariant($"The organisation allows a token {allowed} requests a minute, and Genesys:RequestsPerMinute is {ours}.");
        return ours > allowed
            ? Finding.Warning(text, FormattableString.Invariant($"Set Genesys:RequestsPerMinute to {allowed} or less, or have Genesys raise '{GenesysLimits.RequestsPerMinute}'."))
            : Finding.Ok(text);
    }
}
