using System.Reflection;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>Records as objects: each figure in the property of the same name.</summary>
internal static class PlainRecords
{
    private static readonly Dictionary<string, PropertyInfo> Properties =
        typeof(PlainRecord).GetProperties().ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.Ordinal);

    public static IReadOnlyList<PlainRecord> Of(RecordList records) => [.. records.Select(record => Of(record, records))];

    private static PlainRecord Of(ResponseRecord row, RecordList records)
    {
        var requested = records.Requested;
        var record = new PlainRecord
        {
            QueueId = row.Labels.QueueId,
            QueueName = row.Labels.QueueName,
            DivisionId = row.Labels.DivisionId,
            DivisionName = row.Labels.DivisionName,
            MediaType = row.Labels.MediaType,
            MessageType = row.Labels.ValueOf(Dimensions.MessageType),
            Direction = row.Labels.ValueOf(Dimensions.Direction),
            UserId = row.Labels.ValueOf(Dimensions.User),
            UserName = row.Labels.UserName,
            WrapUpCode = row.Labels.ValueOf(Dimensions.WrapUpCode),
            WrapUpCodeName = row.Labels.WrapUpCodeName,
            From = row.Bucket.From,
            To = row.Bucket.To,
            LocalFrom = row.Bucket.LocalFrom,
            Metrics = requested is [] ? null : requested.ToDictionary(column => column.Metric, row.Figures.Raw, StringComparer.Ordinal),
            Complete = row.IsComplete,
            Final = row.IsFinal,
        };
        foreach (var field in RecordFieldDefinitions.FiguresOf(records))
        {
            Properties[field.Name].SetValue(record, field is IntegerField whole ? (object?)whole.Of(row.Figures) : ((DecimalField)field).Of(row.Figures));
        }

        return record;
    }
}
