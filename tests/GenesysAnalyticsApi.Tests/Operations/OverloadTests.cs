using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Tests.Sharing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Operations;

/// <summary>More than can be done: what is refused, that the rest is answered, and that it passes by itself.</summary>
public sealed class OverloadTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));
    private readonly HeldGenesys _genesys = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_Genesys_is_asked_for_too_many_the_next_is_refused_before_it_is_asked()
    {
        using var service = Service(fetching: 2);
        using var client = service.CreateClient();
        await PrepareAsync(client, Day(1));
        _genesys.Hold();
        var before = _genesys.Asked;
        Task<HttpResponseMessage>[] waiting = [client.GetAsync(Day(2), Cancelled), client.GetAsync(Day(3), Cancelled)];
        await Eventually.IsTrueAsync(() => _genesys.Asked >= before + 2, "both wait for Genesys");
        var asked = _genesys.Asked;

        using var refused = await client.GetAsync(Day(4), Cancelled);

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.ToString().ShouldBe("1");
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(Cancelled));
        problem.GetProperty("type").GetString().ShouldBe("/problems/overloaded");
        problem.GetProperty("detail").GetString().ShouldBe("Too many questions have Genesys Cloud asked.");
        _genesys.Asked.ShouldBe(asked);

        // Who asks for what is being fetched already costs nothing.
        Task<HttpResponseMessage>[] joining = [.. Enumerable.Range(0, 20).Select(_ => client.GetAsync(Day(2) + "&groupBy=none", Cancelled))];

        // What needs nothing of Genesys is not held up: an answer that is ready, one that is made of what is kept, health.
        foreach (var path in new[] { Day(1), Day(1) + "&groupBy=none", "/queues", "/health/live" })
        {
            (await client.GetAsync(path, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        _genesys.LetGo();
        (await Task.WhenAll([.. waiting, .. joining])).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await client.GetAsync(Day(4), Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_is_refused_does_not_wait_for_what_others_have_asked_for()
    {
        using var service = Service(fetching: 1);
        using var client = service.CreateClient();
        await PrepareAsync(client, Day(1));
        var before = _genesys.Asked;
        _genesys.Hold();
        var waiting = client.GetAsync(Day(2), Cancelled);
        await Eventually.IsTrueAsync(() => _genesys.Asked > before, "Genesys is asked");

        // The second day is being fetched, the third would have to be.
        using var refused = await client.GetAsync(Day(2).Replace("to=2026-11-03", "to=2026-11-04", StringComparison.Ordinal), Cancelled);
        var wasWaiting = !waiting.IsCompleted;
        _genesys.LetGo();

        (refused.StatusCode, wasWaiting).ShouldBe((HttpStatusCode.ServiceUnavailable, true));
        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_waits_for_a_turn_for_too_long_is_refused_and_prepared_answers_need_none()
    {
        using var service = Service(queued: 1);
        using var client = service.CreateClient();
        await PrepareAsync(client, Day(1));
        var turns = await AllTurnsAsync(service.Services.GetRequiredService<WorkTurns>());

        // Of the two, one is in the queue and the other has no room there.
        Task<HttpResponseMessage>[] two = [client.GetAsync(Day(2), Cancelled), client.GetAsync(Day(3), Cancelled)];
        using var atOnce = await await Task.WhenAny(two);
        using var ready = await client.GetAsync(Day(1), Cancelled);
        _clock.Advance(WorkTurns.Patience);
        var refused = await Task.WhenAll(two);
        turns.ForEach(turn => turn.Dispose());
        using var afterwards = await client.GetAsync(Day(2), Cancelled);

        (await atOnce.Content.ReadAsStringAsync(Cancelled)).ShouldContain("Too many questions wait for their turn.");
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        afterwards.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_turn_goes_to_the_next_while_its_question_waits_and_comes_back_afterwards()
    {
        using var service = Service(fetching: 1);
        var turns = service.Services.GetRequiredService<WorkTurns>();
        var all = await AllTurnsAsync(turns);
        all[0].StepAside(fetches: false);
        all[0].StepAside(fetches: true);

        using var next = await turns.BeginAsync(Cancelled);
        var back = all[0].ReturnAsync(Cancelled);
        var isBackAtOnce = back.IsCompleted;
        next.Dispose();
        await back;
        var third = turns.BeginAsync(Cancelled).AsTask();
        all.ForEach(turn => turn.Dispose());
        all.ForEach(turn => turn.Dispose());
        (await third).Dispose();

        isBackAtOnce.ShouldBeFalse();
        (await AllTurnsAsync(turns)).ForEach(turn => turn.Dispose());
    }

    [Fact]
    public async Task Who_may_not_step_aside_keeps_the_turn()
    {
        using var service = Service(fetching: 1);
        var turns = service.Services.GetRequiredService<WorkTurns>();
        var first = await turns.BeginAsync(Cancelled);
        first.StepAside(fetches: true);
        using var second = await turns.BeginAsync(Cancelled);

        Should.Throw<ProblemException>(() => second.StepAside(fetches: true)).Problem.Name.ShouldBe("overloaded");
        first.Dispose();
        Should.NotThrow(() => second.StepAside(fetches: true));
    }

    private static async Task<List<Turn>> AllTurnsAsync(WorkTurns turns)
    {
        var all = new List<Turn>();
        for (var processor = 0; processor < Environment.ProcessorCount; processor++)
        {
            all.Add(await turns.BeginAsync(Cancelled));
        }

        return all;
    }

    private static string Day(int day) => $"/aggregates?from=2026-11-0{day}&to=2026-11-0{day + 1}&granularity=PT1H";

    /// <summary>Asks often enough for the answer to be kept ready, once the directory is there.</summary>
    private static async Task PrepareAsync(HttpClient client, string question)
    {
        (await client.GetAsync("/queues", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var time = 0; time < 3; time++)
        {
            (await client.GetAsync(question, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private RunningService Service(int fetching = 32, int queued = 100) => new()
    {
        Clock = _clock,
        Settings = new() { ["Limits:MaxFetching"] = $"{fetching}", ["Limits:MaxQueued"] = $"{queued}" },
        Replace = services => services.AddSingleton<IGenesysGateway>(_genesys),
    };
}
