using CsCheck;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Queues.Directory;

public sealed class QueueResolverTests
{
    private static readonly QueueDirectorySnapshot Directory = QueueBuilder.Directory(
        QueueBuilder.Known(1, "Billing", division: 1),
        QueueBuilder.Known(2, "Billing EMEA", division: 2),
        QueueBuilder.Known(3, "Support", division: 1),
        QueueBuilder.Known(4, "Support", division: 2),
        QueueBuilder.Known(5, "Support", division: 3, listed: false),
        QueueBuilder.Known(6, "Sales"),
        QueueBuilder.Known(7, "SALES"),
        QueueBuilder.Known(8, "Sales", listed: false),
        QueueBuilder.Known(9, "Closed", listed: false),
        QueueBuilder.Known(10, "Twice closed", listed: false),
        QueueBuilder.Known(11, "Twice closed", listed: false));

    private static readonly string UnknownId = QueueBuilder.Id(99);

    [Fact]
    public void An_empty_selection_means_every_queue()
    {
        var selection = QueueResolver.Resolve([], [], [], null, QueueVisibility.All);

        selection.All.ShouldBeTrue();
        selection.QueueIds.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("billing", 1)]
    [InlineData("bill*", 1, 2)]
    [InlineData("Sales", 6)] // the exact spelling is unique among the listed queues
    [InlineData("SALES", 7)]
    [InlineData("s*", 3, 4, 5, 6, 7, 8)] // a pattern includes deleted queues
    [InlineData("closed", 9)]
    public void A_name_finds_one_queue_and_a_pattern_all_matching_ones(string name, params int[] found) =>
        Resolve(names: [name]).QueueIds.ShouldBe(found.Select(QueueBuilder.Id));

    [Theory]
    [InlineData("support", 3, 4)] // the deleted queue is not a candidate
    [InlineData("sales", 6, 7)]
    [InlineData("Twice closed", 10, 11)]
    public void A_name_of_several_queues_is_ambiguous(string name, params int[] candidates)
    {
        var problem = Should.Throw<ProblemException>(() => Resolve(names: [name])).Problem;

        problem.Status.ShouldBe(409);
        problem.Extensions["candidates"].ShouldBeOfType<QueueCandidate[]>().Select(candidate => candidate.Id)
            .ShouldBe(candidates.Select(QueueBuilder.Id), ignoreOrder: true);
    }

    [Theory]
    [InlineData("Biling", "No queue is called 'Biling'. The closest names are: 'Billing', 'Billing EMEA', 'SALES'.")]
    [InlineData("*xyz*", "No queue is called '*xyz*'. The closest names are: 'Billing', 'Billing EMEA', 'Closed'.")]
    public void An_unknown_name_is_reported_with_the_closest_names(string name, string detail)
    {
        var problem = Should.Throw<ProblemException>(() => Resolve(names: [name])).Problem;

        problem.Status.ShouldBe(404);
        problem.Detail.ShouldBe(detail);
    }

    [Fact]
    public void An_id_unknown_to_the_directory_is_requested_anyway()
    {
        var selection = Resolve(ids: [UnknownId.ToUpperInvariant(), QueueBuilder.Id(1)]);

        selection.QueueIds.ShouldBe([QueueBuilder.Id(1), UnknownId]);
        selection.UnknownIds.ShouldBe([UnknownId]);
    }

    [Fact]
    public void Ids_need_no_directory()
    {
        var selection = QueueResolver.Resolve([UnknownId], [], [], null, QueueVisibility.All);

        selection.QueueIds.ShouldBe([UnknownId]);
        selection.UnknownIds.ShouldBe([UnknownId]);
    }

    [Fact]
    public void Names_and_divisions_need_the_directory()
    {
        Should.Throw<GenesysException>(() => QueueResolver.Resolve([], ["Sales"], [], null, QueueVisibility.All)).Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        Should.Throw<GenesysException>(() => QueueResolver.Resolve([], [], [QueueBuilder.Division(1)], null, QueueVisibility.All));
    }

    [Fact]
    public void A_division_alone_selects_all_its_queues() =>
        Resolve(divisions: [QueueBuilder.Division(1).ToUpperInvariant()]).QueueIds.ShouldBe([QueueBuilder.Id(1), QueueBuilder.Id(3)]);

    [Fact]
    public void A_division_restricts_ids_and_names()
    {
        var selection = Resolve(ids: [QueueBuilder.Id(1), QueueBuilder.Id(6), UnknownId], names: ["Billing*"], divisions: [QueueBuilder.Division(2)]);

        selection.QueueIds.ShouldBe([QueueBuilder.Id(2)]);
        selection.UnknownIds.ShouldBe([UnknownId]);
    }

    [Fact]
    public void A_division_can_make_an_ambiguous_name_unique()
    {
        Resolve(names: ["Support"], divisions: [QueueBuilder.Division(2)]).QueueIds.ShouldBe([QueueBuilder.Id(4)]);
        Resolve(names: ["Support"], divisions: [QueueBuilder.Division(3)]).QueueIds.ShouldBe([QueueBuilder.Id(5)]);
    }

    [Fact]
    public void A_division_without_queues_selects_no_queue_instead_of_every_queue()
    {
        foreach (var selection in new[] { Resolve(divisions: [QueueBuilder.Division(8)]), Resolve(names: ["Sales"], divisions: [QueueBuilder.Division(1)]) })
        {
            selection.All.ShouldBeFalse();
            selection.QueueIds.ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_order_and_repetition_of_parameters_do_not_matter()
    {
        var ids = Gen.Int[1, 14].Select(QueueBuilder.Id);
        var names = Gen.OneOf("Billing", "billing*", "Support", "Sales", "*", "closed", "unknown", "none*");
        var divisions = Gen.Int[1, 4].Select(QueueBuilder.Division);

        Gen.Select(ids.Array[0, 4], names.Array[0, 3], divisions.Array[0, 2]).Sample((i, n, d) =>
            Outcome(i, n, d) == Outcome([.. i.Reverse(), .. i], [.. n, .. n.Reverse()], [.. d.Reverse(), .. d]));
    }

    [Fact]
    public void Ids_and_names_are_combined_by_or_and_divisions_by_and()
    {
        var ids = Gen.Int[1, 14].Select(QueueBuilder.Id);
        var names = Gen.OneOf("Billing", "billing*", "*", "closed", "s*");

        Gen.Select(ids.Array[1, 4], names.Array[1, 3], Gen.Int[1, 4].Select(QueueBuilder.Division)).Sample((i, n, division) =>
        {
            var both = Resolve(i, n).QueueIds;
            var restricted = Resolve(i, n, [division]).QueueIds;
            return both.SequenceEqual(Resolve(i).QueueIds.Union(Resolve(names: n).QueueIds).Order(StringComparer.Ordinal))
                && restricted.All(id => both.Contains(id) && Directory.Find(id)!.DivisionId == division);
        });
    }

    private static string Outcome(string[] ids, string[] names, string[] divisions)
    {
        try
        {
            var selection = Resolve(ids, names, divisions);
            return $"{selection.All} {string.Join(',', selection.QueueIds)} {string.Join(',', selection.UnknownIds)}";
        }
        catch (ProblemException rejected)
        {
            return rejected.Problem.Detail ?? "";
        }
    }

    private static ResolvedQueues Resolve(string[]? ids = null, string[]? names = null, string[]? divisions = null) =>
        QueueResolver.Resolve(ids ?? [], names ?? [], divisions ?? [], Directory, QueueVisibility.All);
}
