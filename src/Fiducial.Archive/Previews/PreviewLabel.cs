using Fiducial.Archive.Pixels;

namespace Fiducial.Archive.Previews;

/// <summary>Burns "PREVIEW - NOT FOR DIAGNOSIS" into a picture: white letters of 5 x 7 dots on a dark band. No font file is needed.</summary>
internal static class PreviewLabel
{
    private const int GlyphWidth = 5;
    private const int GlyphHeight = 7;
    private const int Advance = GlyphWidth + 1;
    private const int Margin = 3;

    private static readonly string[][] Layouts =
    [
        ["PREVIEW - NOT FOR DIAGNOSIS"],
        ["PREVIEW -", "NOT FOR", "DIAGNOSIS"],
    ];

    // One number a row, the leftmost dot in bit 4.
    private static readonly Dictionary<char, byte[]> Glyphs = new()
    {
        ['A'] = [0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11],
        ['D'] = [0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E],
        ['E'] = [0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F],
        ['F'] = [0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x10],
        ['G'] = [0x0E, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0E],
        ['I'] = [0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E],
        ['N'] = [0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11],
        ['O'] = [0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E],
        ['P'] = [0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10],
        ['R'] = [0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11],
        ['S'] = [0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E],
        ['T'] = [0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
        ['V'] = [0x11, 0x11, 0x11, 0x11, 0x11, 0x0A, 0x04],
        ['W'] = [0x11, 0x11, 0x11, 0x15, 0x15, 0x15, 0x0A],
        ['-'] = [0x00, 0x00, 0x00, 0x0E, 0x00, 0x00, 0x00],
    };

    /// <summary>The least canvas that the label fits on: smaller pictures get a border.</summary>
    public static (int Width, int Height) LeastCanvas { get; } =
        (WidthOf(Layouts[^1]) + 2 * Margin, HeightOf(Layouts[^1]) + 2 * Margin);

    /// <summary>The same picture with the label on a band at its bottom, where the picture shows through faintly.</summary>
    public static Picture On(Picture picture)
    {
        var canvas = Bordered(picture);
        var lines = WidthOf(Layouts[0]) + 2 * Margin <= canvas.Width ? Layouts[0] : Layouts[^1];
        var scale = Math.Max(1, (canvas.Width - 2 * Margin) / (WidthOf(lines) * 4 / 3));
        while (scale > 1 && HeightOf(lines) * scale + 2 * Margin > canvas.Height / 4)
        {
            scale--;
        }
        var top = canvas.Height - HeightOf(lines) * scale - 2 * Margin;
        Darken(canvas, top);
        for (var i = 0; i < lines.Length; i++)
        {
            var left = (canvas.Width - (lines[i].Length * Advance - 1) * scale) / 2;
            Write(canvas, lines[i], left, top + Margin + i * (GlyphHeight + 2) * scale, scale);
        }
        return canvas;
    }

    private static int WidthOf(string[] lines) => lines.Max(l => l.Length) * Advance - 1;

    private static int HeightOf(string[] lines) => lines.Length * (GlyphHeight + 2) - 2;

    private static Picture Bordered(Picture picture)
    {
        var width = Math.Max(picture.Width, LeastCanvas.Width);
        var height = Math.Max(picture.Height, LeastCanvas.Height);
        var unit = picture.IsColour ? 3 : 1;
        var samples = new byte[width * height * unit];
        for (var y = 0; y < picture.Height; y++)
        {
            picture
                .Samples.AsSpan(y * picture.Width * unit, picture.Width * unit)
                .CopyTo(samples.AsSpan(y * width * unit));
        }
        return new Picture(samples, width, height, picture.IsColour);
    }

    private static void Darken(Picture canvas, int top)
    {
        var unit = canvas.IsColour ? 3 : 1;
        foreach (ref var sample in canvas.Samples.AsSpan(top * canvas.Width * unit))
        {
            sample = (byte)(sample / 4);
        }
    }

    private static void Write(Picture canvas, string text, int left, int top, int scale)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!Glyphs.TryGetValue(text[i], out var glyph))
            {
                continue;
            }
            for (var y = 0; y < GlyphHeight * scale; y++)
            {
                for (var x = 0; x < GlyphWidth * scale; x++)
                {
                    if (((glyph[y / scale] >> (GlyphWidth - 1 - x / scale)) & 1) == 1)
                    {
                        Dot(canvas, left + i * Advance * scale + x, top + y);
                    }
                }
            }
        }
    }

    private static void Dot(Picture canvas, int x, int y)
    {
        var unit = canvas.IsColour ? 3 : 1;
        canvas.Samples.AsSpan((y * canvas.Width + x) * unit, unit).Fill(byte.MaxValue);
    }
}
