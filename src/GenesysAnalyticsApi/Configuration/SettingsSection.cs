using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>One section of settings. The options type defines the keys, their types and, with validation attributes, the accepted values.</summary>
internal sealed record SettingsSection(string Name, Type Options)
{
    private static readonly Dictionary<Type, (Func<string, bool> CanRead, string Reason)> Types = new()
    {
        [typeof(string)] = (_ => true, ""),
        [typeof(Uri)] = (value => value.Length == 0 || IsWebAddress(value), "is not a base address. Give https://host or http://host, without user, query or fragment."),
        [typeof(TimeSpan)] = (IsDuration, "is not a duration. Give hours:minutes:seconds, such as 00:00:30, or days.hours:minutes:seconds."),
        [typeof(bool)] = (value => bool.TryParse(value, out _), "is neither true nor false."),
        [typeof(DateTimeOffset?)] = (IsInstant, "is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z."),
        [typeof(TimeSpan?)] = (IsDuration, "is not a duration. Give hours:minutes:seconds, such as 00:00:30, or days.hours:minutes:seconds."),
        [typeof(double?)] = (value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number), "is not a number."),
        [typeof(int?)] = (value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0, "is not a whole number above 0."),
        [typeof(int)] = (value => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), "is not a whole number."),
        [typeof(long)] = (value => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), "is not a whole number."),
    };

    /// <summary>The settings that have a single value. The entries of lists and nested sections are checked separately.</summary>
    public IReadOnlyList<PropertyInfo> Properties { get; } = [.. Options.GetProperties().Where(property => !IsList(property) && !IsSection(property))];

    /// <summary>
    /// Reports unknown keys, unreadable values and values that violate a rule of the options type. The binder itself would throw an exception at the first
    /// unreadable value.
    /// </summary>
    /// <returns>The options, with the default for every unreadable value, list and nested section.</returns>
    public object Check(IConfiguration configuration, SettingsReport report)
    {
        foreach (var secret in Properties.Where(property => property.IsDefined(typeof(SecretAttribute))))
        {
            report.MarkSecret(KeyOf(secret.Name));
        }

        if (!string.IsNullOrEmpty(configuration[Name]))
        {
            report.Add(Name, "is a section, not a single value. Set the entries of the section instead.");
        }

        foreach (var entry in configuration.GetSection(Name).GetChildren())
        {
            CheckEntry(entry, report);
        }

        var options = ReadableOptions(configuration, report);
        CheckRules(options, report);
        return options;
    }

    private void CheckEntry(IConfigurationSection entry, SettingsReport report)
    {
        var property = Array.Find(Options.GetProperties(), candidate => candidate.Name.Equals(entry.Key, StringComparison.OrdinalIgnoreCase));
        if (property is null)
        {
            report.AddUnknown(entry, Name, [.. Options.GetProperties().Select(known => known.Name)]);
        }
        else if (ShapeFault(property, entry) is { } fault)
        {
            report.Add(KeyOf(property.Name), fault);
        }
        else if (Properties.Contains(property) && entry.Value is { } value && WhyUnreadable(property.PropertyType, value) is { } reason)
        {
            report.Add(KeyOf(property.Name), value, reason + DefaultText(property));
        }
    }

    private string? ShapeFault(PropertyInfo property, IConfigurationSection entry) => (HasChildren: entry.GetChildren().Any(), entry.Value) switch
    {
        // The binder would ignore a single value in place of a list. An empty list would have the same effect as a missing list.
        (false, "") when IsList(property) => "is empty. Remove it if it should not limit anything.",
        (false, not null) when IsList(property) => $"is a list: give {KeyOf(property.Name)}:0, {KeyOf(property.Name)}:1 and so on.",
        (_, { Length: > 0 }) when IsSection(property) => "is a section, not a single value. Set the entries of the section instead.",
        (true, _) when Properties.Contains(property) => "is a single value, not a section. Set it without further keys.",
        // The binder would read null as the zero of the type.
        (_, null) when property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null =>
            $"is null. Remove it, or give a value.{DefaultText(property)}",
        _ => null,
    };

    private object ReadableOptions(IConfiguration configuration, SettingsReport report)
    {
        var readable = Properties.Select(property => property.Name)
            .Where(name => !report.Has(KeyOf(name)) && configuration[KeyOf(name)] is not null)
            .ToDictionary(name => name, name => configuration[KeyOf(name)]);
        return new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Get(Options) ?? Activator.CreateInstance(Options)!;
    }

    private void CheckRules(object options, SettingsReport report)
    {
        var violations = Properties
            .SelectMany(property => property.GetCustomAttributes<ValidationAttribute>().Select(rule => (property.Name, Rule: rule, Value: property.GetValue(options))))
            .Where(checkedRule => !checkedRule.Rule.IsValid(checkedRule.Value))
            .Select(checkedRule => (checkedRule.Name, Text: checkedRule.Rule is RangeAttribute range
                ? $"is out of range. Give a value from {range.Minimum} to {range.Maximum}."
                : checkedRule.Rule.ErrorMessage!));
        var jointViolations = (options as IValidatableObject)?.Validate(new(options)) ?? [];

        foreach (var (name, text) in violations.Concat(jointViolations.Select(result => (result.MemberNames.First(), result.ErrorMessage!))).Where(rule => !report.Has(KeyOf(rule.Item1))).ToList())
        {
            var value = Options.GetProperty(name)!.GetValue(options);
            if (value is null || string.IsNullOrWhiteSpace(value as string ?? "-"))
            {
                report.AddMissing(KeyOf(name), text);
            }
            else
            {
                report.Add(KeyOf(name), value, text);
            }
        }
    }

    private string KeyOf(string property) => $"{Name}:{property}";

    private string DefaultText(PropertyInfo property) =>
        property.GetValue(Activator.CreateInstance(Options)) is { } value ? $" The default is {value}." : "";

    private static bool IsList(PropertyInfo property) => property.PropertyType == typeof(List<string>);

    private static bool IsSection(PropertyInfo property) =>
        !IsList(property) && property.PropertyType is { IsClass: true } type && type != typeof(string) && type != typeof(Uri);

    /// <returns>Why <paramref name="value"/> cannot be read, or null if it can.</returns>
    private static string? WhyUnreadable(Type type, string value)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"is none of {string.Join(", ", Enum.GetNames(type))}.";
        }

        var (canRead, reason) = Types[type];
        return canRead(value) ? null : reason;
    }

    // TimeSpan.Parse would read a bare "30" as 30 days.
    private static bool IsDuration(string value) =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);

    // Without an offset, the value would be read in the time zone of the machine.
    private static bool IsInstant(string value) =>
        OffsetDateTimePattern.ExtendedIso.Parse(value).Success && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _);

    private static bool IsWebAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { UserInfo: "", Query: "", Fragment: "" };
}
