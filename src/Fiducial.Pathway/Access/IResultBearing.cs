using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fiducial.Pathway.Access;

/// <summary>
/// A row that says something of a result: the state of alert, duty, delivery or follow-up, a version, a date of signature, words
/// (pathway 6.2, C4). Whoever serialises it gets an exception and sends nothing: the fields that a role may see are named one by one.
/// </summary>
[JsonConverter(typeof(ResultBearingConverter))]
public interface IResultBearing;

/// <summary>Refuses. The exception names the type and never the value.</summary>
public sealed class ResultBearingConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeof(IResultBearing).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Refusal<>).MakeGenericType(typeToConvert))!;

    private sealed class Refusal<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw Never();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw Never();

        private static NotSupportedException Never() =>
            new(
                $"{typeof(T).Name} says something of a result (C4) and is not serialised: send the fields that this role may see."
            );
    }
}
