using CsCheck;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;

namespace GenesysAnalyticsApi.Tests.Queues;

public sealed class QueueSelectionTests
{
    private static readonly QueueDirectorySnapshot Directory = AQueue.Directory(
        AQueue.Known(1, "Billing", division: 1),
        AQueue.Known(2, "Billing EMEA", division: 2),
        AQueue.Known(3, "Support", division: 1),
        AQueue.Known(4, "Support", division: 2),
        AQueue.Known(5, "Support", division: 3, listed: false),
        AQueue.Known(6, "Sales"),
        AQueue.Known(7, "SALES"),
        AQueue.Known(8, "Sales", listed: false),
        AQueue.Known(9, "Closed", listed: false),
        AQueue.Known(10, "Twice closed", listed: false),
        AQueue.Known(11, "Twice closed", listed: false));

    private static readonly string Stranger = AQueue.Id(99);

    [Fact]
    public void Nothing_asked_is_every_queue()
    {
        var selection = QueueSelection.Resolve([], [], [], null, QueueView.All);

        selection.All.ShouldBeTrue();
        selection.QueueIds.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("billing", 1)]
    [InlineData("bill*", 1, 2)]
    [InlineData("Sales", 6)] // the exact spelling is unique among the listed
    [InlineData("SALES", 7)]
    [InlineData("s*", 3, 4, 5, 6, 7, 8)] // a pattern takes deleted queues too
    [InlineData("closed", 9)]
    public void A_name_finds_its_queue_and_a_pattern_all_that_fit(string name, params int[] found) =>
        Resolve(names: [name]).QueueIds.ShouldBe(found.Select(AQueue.Id));

    [Theory]
    [InlineData("support", 3, 4)] // the deleted one is no candidate
    [InlineData("sales", 6, 7)]
    [InlineData("Twice closed", 10, 11)]
    public void A_name_of_several_queues_is_ambiguous(string name, params int[] candidates)
    {
        var problem = Should.Throw<ProblemException>(() => Resolve(names: [name])).Problem;

        problem.Status.ShouldBe(409);
        problem.Extensions["candidates"].ShouldBeOfType<QueueCandidate[]>().Select(candidate => candidate.Id)
            .ShouldBe(candidates.Select(AQueue.Id), ignoreOrder: true);
    }

    [Theory]
    [InlineData("Biling", "No queue is called 'Biling'. The closest names are: 'Billing', 'Billing EMEA', 'SALES'.")]
    [InlineData("*xyz*", "No queue is called '*xyz*'. The closest names are: 'Billing', 'Billing EMEA', 'Closed'.")]
    public void What_finds_nothing_is_told_with_the_closest_names(string name, string detail)
    {
        var problem = Should.Throw<ProblemException>(() => Resolve(names: [name])).Problem;

        problem.Status.ShouldBe(404);
        problem.Detail.ShouldBe(detail);
    }

    [Fact]
    public void An_id_the_directory_does_not_know_is_asked_for_all_the_same()
    {
        var selection = Resolve(ids: [Stranger.ToUpperInvariant(), AQueue.Id(1)]);

        selection.QueueIds.ShouldBe([AQueue.Id(1), Stranger]);
        selection.UnknownIds.ShouldBe([Stranger]);
    }

    [Fact]
    public void Ids_need_no_directory()
    {
        var selection = QueueSelection.Resolve([Stranger], [], [], null, QueueView.All);

        selection.QueueIds.ShouldBe([Stranger]);
        selection.UnknownIds.ShouldBe([Stranger]);
    }

    [Fact]
    public void Names_and_divisions_need_one()
    {
        Should.Throw<GenesysException>(() => QueueSelection.Resolve([], ["Sales"], [], null, QueueView.All)).Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        Should.Throw<GenesysException>(() => QueueSelection.Resolve([], [], [AQueue.Division(1)], null, QueueView.All));
    }

    [Fact]
    public void A_division_alone_is_all_its_queues() =>
        Resolve(divisions: [AQueue.Division(1).ToUpperInvariant()]).QueueIds.ShouldBe([AQueue.Id(1), AQueue.Id(3)]);

    [Fact]
    public void A_division_cuts_what_was_asked_by_id_and_by_name()
    {
        var selection = Resolve(ids: [AQueue.Id(1), AQueue.Id(6), Stranger], names: ["Billing*"], divisions: [AQueue.Division(2)]);

        selection.QueueIds.ShouldBe([AQueue.Id(2)]);
        selection.UnknownIds.ShouldBe([Stranger]);
    }

    [Fact]
    public void A_name_is_not_ambiguous_when_the_division_tells_which()
    {
        Resolve(names: ["Support"], divisions: [AQueue.Division(2)]).QueueIds.ShouldBe([AQueue.Id(4)]);
        Resolve(names: ["Support"], divisions: [AQueue.Division(3)]).QueueIds.ShouldBe([AQueue.Id(5)]);
    }

    [Fact]
    public void A_division_without_queues_is_no_queue_and_not_every_queue()
    {
        foreach (var selection in new[] { Resolve(divisions: [AQueue.Division(8)]), Resolve(names: ["Sales"], divisions: [AQueue.Division(1)]) })
        {
            selection.All.ShouldBeFalse();
            selection.QueueIds.ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_order_and_repetition_of_parameters_do_not_matter()
    {
        var ids = Gen.Int[1, 14].Select(AQueue.Id);
        var names = Gen.OneOf("Billing", "billing*", "Support", "Sales", "*", "closed", "nobody", "none*");
        var divisions = Gen.Int[1, 4].Select(AQueue.Division);

        Gen.Select(ids.Array[0, 4], names.Array[0, 3], divisions.Array[0, 2]).Sample((i, n, d) =>
            Outcome(i, n, d) == Outcome([.. i.Reverse(), .. i], [.. n, .. n.Reverse()], [.. d.Reverse(), .. d]));
    }

    [Fact]
    public void Ids_and_names_are_joined_by_or_and_divisions_by_and()
    {
        var ids = Gen.Int[1, 14].Select(AQueue.Id);
        var names = Gen.OneOf("Billing", "billing*", "*", "closed", "s*");

        Gen.Select(ids.Array[1, 4], names.Array[1, 3], Gen.Int[1, 4].Select(AQueue.Division)).Sample((i, n, division) =>
        {
            var both = Resolve(i, n).QueueIds;
            var cut = Resolve(i, n, [division]).QueueIds;
            return both.SequenceEqual(Resolve(i).QueueIds.Union(Resolve(names: n).QueueIds).Order(StringComparer.Ordinal))
                && cut.All(id => both.Contains(id) && Directory.Find(id)!.DivisionId == division);
        });
    }

    private static string Outcome(string[] ids, string[] names, string[] divisions)
    {
        try
        {
            var selection = Resolve(ids, names, divisions);
            return $"{selection.All} {string.Join(',', selection.QueueIds)} {string.Join(',', selection.UnknownIds)}";
        }
        catch (ProblemException refused)
        {
            return refused.Problem.Detail ?? "";
        }
    }

    private static QueueSelectionResult Resolve(string[]? ids = null, string[]? names = null, string[]? divisions = null) =>
        QueueSelection.Resolve(ids ?? [], names ?? [], divisions ?? [], Directory, QueueView.All);
}
