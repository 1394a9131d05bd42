using System.Globalization;
using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Tests.Text;

public sealed class NameFoldingTests
{
    [Theory]
    [InlineData("İADE", "iade")]
    [InlineData("I\u0307ADE", "iade")] // İ as macOS writes it
    [InlineData("i\u0307ade", "IADE")]
    [InlineData("Gru\u0308n", "GRÜN")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("οδός", "ΟΔΌΣ")]
    [InlineData("ﬁnance", "FINANCE")]
    [InlineData("\u212Bngström", "ångstro\u0308m")] // the unit sign
    [InlineData("q\u0323\u0307", "q\u0307\u0323")] // marks in either order
    [InlineData("\u1112\u1161\u11AB\u1100\u116E\u11A8", "한국")]
    [InlineData("\u0130stanbul \u00A0Destek", " istanbul destek\t")]
    [InlineData("Sales\u200B", "\uFEFFSALES")]
    [InlineData("☎\uFE0F Support", "☎ support")]
    [InlineData("ｓａｌｅｓ", "ＳＡＬＥＳ")]
    [InlineData("\U00010428", "\U00010400")]
    public void Names_that_look_alike_are_equal(string one, string other)
    {
        NameFolding.Folded(one).ShouldBe(NameFolding.Folded(other));
        new NamePattern(one).Matches(other).ShouldBeTrue();
        new NamePattern($"*{other.Trim()}*").Matches(one).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Grün", "Grun")]
    [InlineData("ılık", "ilik")]
    [InlineData("Sales", "ＳＡＬＥＳ")]
    [InlineData("Sales 1", "Sales1")]
    [InlineData("각", "가")]
    [InlineData("می\u200Cخواهم", "میخواهم")] // the joiner changes the appearance
    [InlineData("a\u0308\u0301", "a\u0301\u0308")] // marks of one class are stacked
    public void Names_that_look_different_are_not_equal(string one, string other) => NameFolding.Folded(one).ShouldNotBe(NameFolding.Folded(other));

    [Theory]
    [InlineData("u*", "über")]
    [InlineData("u*", "u\u0308ber")]
    [InlineData("*u*", "GRÜN")]
    [InlineData("gru*", "Grün")]
    [InlineData("가*", "각")]
    public void A_pattern_does_not_match_part_of_a_character(string pattern, string name) => new NamePattern(pattern).Matches(name).ShouldBeFalse();

    [Theory]
    [InlineData("*u*n", "Grün und blau, nun")]
    [InlineData("ü*", "U\u0308ber")]
    [InlineData(" Bill* ", "Billing")]
    [InlineData("* emea", "Billing\u00A0\u00A0EMEA ")]
    [InlineData("*ss*", "Straße")]
    public void A_pattern_matches_the_visible_characters(string pattern, string name) => new NamePattern(pattern).Matches(name).ShouldBeTrue();

    [Fact]
    public void Folding_is_idempotent_and_accepts_any_text() =>
        Gen.Frequency(
                (3, Gen.String[Gen.Char["aAiIİıßẞüÜ\u0308\u0307\u0323\u0345σςΣᾳ\u00A0 \t\u200B\uFE0F\ud83d\ude00\u1100\u1161\u11A8가*"], 0, 20]),
                (1, Gen.String[0, 20]))
            .Sample(
                text =>
                {
                    var folded = NameFolding.Folded(text);
                    NameFolding.Folded(folded).ShouldBe(folded);
                    NameFolding.Folded($" {text}\u00A0").ShouldBe(folded);
                    NameFolding.Folded(NameFolding.Spelled(text)).ShouldBe(folded);
                    new NamePattern(text.Replace('*', '-')).Matches(text.Replace('*', '-')).ShouldBeTrue();
                },
                iter: 20_000);

    [Fact]
    public void The_decomposition_table_is_in_canonical_order_and_complete()
    {
        // Every character that has a decomposition decomposes in one step to characters that do not decompose further.
        for (var code = 0xC0; code <= 0x2FA1D; code++)
        {
            if (!Rune.IsValid(code) || CharUnicodeInfo.GetUnicodeCategory(code) == UnicodeCategory.OtherNotAssigned)
            {
                continue;
            }

            var once = UnicodeCanonical.Decompose([new Rune(code)]);
            UnicodeCanonical.Decompose(once).ShouldBe(once, $"U+{code:X4}");
        }

        UnicodeCanonical.Decompose([new Rune(0x1F82)]).Select(rune => rune.Value).ShouldBe([0x3B1, 0x313, 0x300, 0x345]);
    }
}
