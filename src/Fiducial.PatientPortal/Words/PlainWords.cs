using System.Text.RegularExpressions;

namespace Fiducial.PatientPortal.Words;

/// <summary>A piece of a report's text; with an explanation when it is a word that few people use.</summary>
public sealed record Piece(string Text, string? Explanation);

/// <summary>Explains the words of radiologists. It says what a word means in general, never what it means for this patient.</summary>
public static partial class PlainWords
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["acute"] = "New, or come up suddenly.",
        ["aneurysm"] = "A place where a blood vessel has become wider.",
        ["artefact"] = "A mark in the picture that comes from the technique and not from the body.",
        ["artifact"] = "A mark in the picture that comes from the technique and not from the body.",
        ["atelectasis"] = "A part of the lung that holds less air than it should.",
        ["benign"] = "Not cancer.",
        ["bilateral"] = "On both sides.",
        ["calcification"] = "A place where calcium has settled.",
        ["cardiomegaly"] = "A heart that looks larger than usual.",
        ["carpal"] = "Of the small bones of the wrist.",
        ["chronic"] = "There for a long time.",
        ["consolidation"] = "A part of the lung that is filled with something else than air.",
        ["contrast"] = "A liquid that makes vessels and organs stand out in the pictures.",
        ["cyst"] = "A small sac filled with fluid.",
        ["degenerative"] = "Worn by age or use.",
        ["displaced"] = "Moved out of its place.",
        ["displacement"] = "A movement out of the usual place.",
        ["distal"] = "Farther away from the middle of the body.",
        ["dorsal"] = "On the back, or on the back of the hand.",
        ["edema"] = "Swelling from fluid.",
        ["effusion"] = "Fluid that has gathered where there is usually little.",
        ["embolism"] = "Something, often a clot, that blocks a blood vessel.",
        ["fracture"] = "A break or a crack in a bone.",
        ["gallstone"] = "A small stone in the gallbladder.",
        ["hairline"] = "As thin as a hair.",
        ["hematoma"] = "A bruise: blood that has gathered in tissue.",
        ["hernia"] = "A part that pushes through a gap where it does not belong.",
        ["hypodense"] = "Darker than what is around it in a CT picture.",
        ["hyperdense"] = "Brighter than what is around it in a CT picture.",
        ["impression"] = "The radiologist's summary.",
        ["inferior"] = "Lower, nearer to the feet.",
        ["ischemia"] = "Too little blood for a part of the body.",
        ["lateral"] = "On the side, or seen from the side.",
        ["lesion"] = "Any place that looks different from what is around it. The word does not say what it is.",
        ["ligament"] = "A band that holds bones together.",
        ["lucent"] = "Darker in an X-ray, because more X-rays pass through.",
        ["lymph node"] = "A small gland that is part of the body's defence.",
        ["malignant"] = "Cancer, or able to spread.",
        ["medial"] = "Nearer to the middle of the body.",
        ["meniscus"] = "A disc of cartilage in the knee.",
        ["metastasis"] = "A place to which cancer has spread.",
        ["nodule"] = "A small round spot. The word does not say what it is.",
        ["opacity"] = "A place that looks whiter than what is around it.",
        ["osteophyte"] = "A small spur of bone.",
        ["pleural"] = "Of the thin skin around the lungs.",
        ["pneumothorax"] = "Air between the lung and the chest wall.",
        ["posterior"] = "At the back.",
        ["anterior"] = "At the front.",
        ["proximal"] = "Nearer to the middle of the body.",
        ["radius"] = "The bone of the forearm on the side of the thumb.",
        ["sclerosis"] = "A place that has become harder or denser.",
        ["soft tissue"] = "Muscle, fat, skin and vessels: what is not bone.",
        ["stenosis"] = "A place that has become narrow.",
        ["superior"] = "Upper, nearer to the head.",
        ["thrombosis"] = "A clot in a blood vessel.",
        ["ulna"] = "The bone of the forearm on the side of the little finger.",
        ["undisplaced"] = "Still in its place.",
        ["unremarkable"] = "Nothing unusual was seen.",
        ["ventricle"] = "A chamber in the heart, or a space filled with fluid in the brain.",
    };

    /// <summary>The text in order, cut at the words that have an explanation; each word is explained where it first stands.</summary>
    public static IReadOnlyList<Piece> Of(string text)
    {
        var pieces = new List<Piece>();
        var explained = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var from = 0;
        foreach (Match word in Word().Matches(text))
        {
            if (Explanation(word.Value) is not { } meaning || !explained.Add(meaning))
            {
                continue;
            }
            if (word.Index > from)
            {
                pieces.Add(new Piece(text[from..word.Index], null));
            }
            pieces.Add(new Piece(word.Value, meaning));
            from = word.Index + word.Length;
        }
        if (from < text.Length)
        {
            pieces.Add(new Piece(text[from..], null));
        }
        return pieces;
    }

    private static string? Explanation(string word) =>
        Known.GetValueOrDefault(word)
        ?? (word.EndsWith('s') ? Known.GetValueOrDefault(word[..^1]) : null)
        ?? (
            word.EndsWith("ies", StringComparison.OrdinalIgnoreCase) ? Known.GetValueOrDefault($"{word[..^3]}y") : null
        );

    [GeneratedRegex(@"lymph nodes?|soft tissues?|\b[\p{L}]+\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
