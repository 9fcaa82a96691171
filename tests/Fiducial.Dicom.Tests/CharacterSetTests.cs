using System.Text;

namespace Fiducial.Dicom.Tests;

/// <summary>The examples of PS3.5 annexes H to K, to the byte, and what devices do otherwise. \e stands for ESC, \xx for a byte.</summary>
public sealed class CharacterSetTests
{
    [Theory]
    // H.3.1: the second byte of ま is ^.
    [InlineData(
        @"\ISO 2022 IR 87",
        @"Yamada^Tarou=<e>$B;3ED<e>(B^<e>$BB@O:<e>(B=<e>$B$d$^$@<e>(B^<e>$B$?$m$&<e>(B",
        "Yamada^Tarou=山田^太郎=やまだ^たろう"
    )]
    // H.3.2
    [InlineData(
        @"ISO 2022 IR 13\ISO 2022 IR 87",
        "<D4CFC0DE>^<C0DBB3>=<e>$B;3ED<e>(J^<e>$BB@O:<e>(J=<e>$B$d$^$@<e>(J^<e>$B$?$m$&<e>(J",
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"
    )]
    // I.2
    [InlineData(
        @"\ISO 2022 IR 149",
        "Hong^Gildong=<e>$)C<FBF3>^<e>$)C<D1CED4D7>=<e>$)C<C8AB>^<e>$)C<B1E6B5BF>",
        "Hong^Gildong=洪^吉洞=홍^길동"
    )]
    // J.1 and J.2
    [InlineData("ISO_IR 192", "Wang^XiaoDong=<E78E8B>^<E5B08FE69DB1>", "Wang^XiaoDong=王^小東")]
    [InlineData("GB18030", "Wang^XiaoDong=<CDF5>^<D0A1B6AB>", "Wang^XiaoDong=王^小东")]
    [InlineData("GBK", "Wang^XiaoDong=<CDF5>^<D0A1B6AB>", "Wang^XiaoDong=王^小东")]
    // K.2
    [InlineData(@"\ISO 2022 IR 58", "Zhang^XiaoDong=<e>$)A<D5C5>^<e>$)A<D0A1B6AB>", "Zhang^XiaoDong=张^小东")]
    [InlineData(@"\ISO 2022 IR 159", "<e>$(D0!<e>(B^A", "丂^A")]
    [InlineData("ISO_IR 100", "Buc^J<E9>r<F4>me", "Buc^Jérôme")]
    [InlineData("ISO_IR 101", "W<B3>adys<B3>aw", "Władysław")]
    [InlineData("ISO_IR 144", "<BBEEDAE1D5DCD1E3E0D3>", "Люксембург")]
    [InlineData("ISO_IR 127", "<E2C8C7E6EA>", "قباني")]
    [InlineData("ISO_IR 126", "<C4E9EFEDF5F3E9EFF2>", "Διονυσιος")]
    [InlineData("ISO_IR 138", "<F9F8E5EF>", "שרון")]
    [InlineData("ISO_IR 148", "<C7>avu<FE>o<F0>lu", "Çavuşoğlu")]
    [InlineData("ISO_IR 166", "<CAC1AAD2C2>", "สมชาย")]
    [InlineData("ISO_IR 203", "<A4>uro", "€uro")]
    // Two sets in G1: each component begins with the first again.
    [InlineData(@"ISO 2022 IR 100\ISO 2022 IR 144", "J<E9>r<F4>me^<e>-L<BB><e>-A^<E9>", "Jérôme^Л^é")]
    public void Names_are_read_and_written_as_the_standard_shows(string characterSet, string bytes, string text)
    {
        Read(characterSet, bytes).Should().Be(text);
        var written = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, characterSet.Split('\\'))
            .Set(DicomTags.PatientName, text);
        Convert
            .ToHexString(written.Find(DicomTags.PatientName)!.Value.Span)
            .Should()
            .Be(Convert.ToHexString(Encoded(bytes)));
    }

    [Theory]
    [InlineData(@"ISO_IR 13\ISO 2022 IR 87", "<D4CF>=<e>$B;3<e>(J", "ﾔﾏ=山")]
    [InlineData("ISO 2022 IR 6", "Doe^Jane", "Doe^Jane")]
    [InlineData("ISO-IR 100", "<E9>", "é")]
    [InlineData("ISO 2022-IR 100", "<E9>", "é")]
    [InlineData("iso_ir 192", "<C3A9>", "é")]
    [InlineData("UTF-8", "<C3A9>", "é")]
    [InlineData("ISO 2022 IR 87", "<e>$B;3<e>(B", "山")]
    [InlineData("NO SUCH SET", "<E9>", "é")]
    [InlineData("", "<E9>", "é")]
    public void Wrong_spellings_are_understood(string characterSet, string bytes, string text) =>
        Read(characterSet, bytes).Should().Be(text);

    [Fact]
    public void The_escape_of_G0_leaves_G1_as_it_is() =>
        Read(@"\ISO 2022 IR 87\ISO 2022 IR 149", "<e>$)C<FBF3><e>$B;3<e>(B<FBF3>").Should().Be("洪山洪");

    [Theory]
    [InlineData("^")]
    [InlineData("=")]
    [InlineData("\r\n")]
    [InlineData("\t")]
    [InlineData("\f")]
    public void At_each_delimiter_the_first_set_is_active_again(string delimiter) =>
        Read(@"ISO 2022 IR 100\ISO 2022 IR 144", "<e>-L<BB>" + delimiter + "<E9>").Should().Be("Л" + delimiter + "é");

    [Fact]
    public void A_backslash_between_values_resets_and_in_a_text_that_is_one_it_does_not()
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO 2022 IR 100", "ISO 2022 IR 144")
            .SetBytes(DicomTags.OtherPatientNames, DicomVR.PN, Encoded(@"<e>-L<BB>\<E9>"))
            .SetBytes(DicomTags.PatientComments, DicomVR.LT, Encoded(@"<e>-L<BB>\<BB>"));
        set.GetStrings(DicomTags.OtherPatientNames).Should().Equal("Л", "é");
        set.GetStrings(DicomTags.PatientComments).Should().Equal(@"Л\Л");
    }

    [Theory]
    [InlineData("GB18030", "<815C>", "乗")]
    [InlineData("GBK", "<815C>", "乗")]
    [InlineData(@"\ISO 2022 IR 87", @"<e>$B$\<e>(B", "ぼ")]
    [InlineData("ISO_IR 13", @"<835C>", "ソ")]
    public void A_backslash_that_is_the_second_byte_of_a_character_separates_nothing(
        string characterSet,
        string bytes,
        string text
    )
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, characterSet.Split('\\'))
            .SetBytes(DicomTags.OtherPatientNames, DicomVR.PN, Encoded($@"{bytes}\{bytes}B"));
        set.GetStrings(DicomTags.OtherPatientNames).Should().Equal(text, text + "B");
    }

    [Fact]
    public void Backslash_and_tilde_are_yen_and_overline_in_the_Japanese_set_unless_they_separate()
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 13")
            .SetBytes(DicomTags.PatientComments, DicomVR.LT, @"1\2~"u8.ToArray())
            .SetBytes(DicomTags.OtherPatientNames, DicomVR.PN, @"A\B"u8.ToArray());
        set.GetString(DicomTags.PatientComments).Should().Be("1¥2‾");
        set.GetStrings(DicomTags.OtherPatientNames).Should().Equal("A", "B");
    }

    [Fact]
    public void Items_inherit_the_character_set_and_may_have_their_own()
    {
        var own = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 101")
            .SetBytes(DicomTags.PatientName, DicomVR.PN, Encoded("<B3>"));
        var inherits = new DicomDataSet().SetBytes(DicomTags.PatientName, DicomVR.PN, Encoded("<BB>"));
        var root = new DicomDataSet()
            .SetItems(DicomTags.ReferencedPatientSequence, own, inherits)
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 144");
        root.GetItems(DicomTags.ReferencedPatientSequence)
            .Select(i => i.GetString(DicomTags.PatientName))
            .Should()
            .Equal("ł", "Л");
    }

    [Fact]
    public void Text_that_no_named_set_has_is_refused_and_recoding_makes_room_for_it()
    {
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 100")
            .Set(DicomTags.InstitutionName, "Hôpital")
            .SetItems(
                DicomTags.ReferencedPatientSequence,
                new DicomDataSet().SetBytes(DicomTags.PatientName, DicomVR.PN, Encoded("<E9>"))
            );
        var write = () => set.Set(DicomTags.PatientName, "山田");
        write.Should().Throw<ArgumentException>().WithMessage("*U+5C71*ISO_IR 192*");
        set.Recode("ISO_IR 192").Set(DicomTags.PatientName, "山田");
        set.GetString(DicomTags.PatientName).Should().Be("山田");
        set.GetString(DicomTags.InstitutionName).Should().Be("Hôpital");
        set.GetItems(DicomTags.ReferencedPatientSequence)[0].GetString(DicomTags.PatientName).Should().Be("é");
        set.Find(DicomTags.InstitutionName)!.Value.ToArray().Should().Equal(Encoding.UTF8.GetBytes("Hôpital"));
    }

    [Fact]
    public void Text_without_a_named_set_that_is_not_ASCII_makes_the_data_set_UTF_8() =>
        new DicomDataSet()
            .Set(DicomTags.PatientName, "Müller")
            .GetString(DicomTags.SpecificCharacterSet)
            .Should()
            .Be("ISO_IR 192");

    [Fact]
    public void Bytes_that_no_set_knows_and_halves_of_characters_never_throw()
    {
        var random = new Random(27);
        var bytes = new byte[64];
        string[] sets =
        [
            @"\ISO 2022 IR 87",
            "ISO_IR 13",
            @"\ISO 2022 IR 149",
            "GB18030",
            "ISO_IR 192",
            "ISO_IR 126",
            @"\ISO 2022 IR 58\ISO 2022 IR 159",
        ];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[random.Next(64)] = 0x1B;
            var set = new DicomDataSet()
                .Set(DicomTags.SpecificCharacterSet, sets[i % sets.Length].Split('\\'))
                .SetBytes(DicomTags.PatientName, DicomVR.PN, bytes);
            set.GetStrings(DicomTags.PatientName).Should().NotBeEmpty();
        }
    }

    private static string? Read(string characterSet, string bytes) =>
        new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, characterSet.Split('\\'))
            .SetBytes(DicomTags.PatientName, DicomVR.PN, Encoded(bytes))
            .GetString(DicomTags.PatientName);

    // <e> is ESC, <D4CF> are bytes, all else is ASCII.
    private static byte[] Encoded(string text)
    {
        var bytes = new List<byte>();
        foreach (var part in text.Split('<'))
        {
            var end = part.IndexOf('>');
            if (end >= 0)
            {
                bytes.AddRange(part[..end] is "e" ? [0x1B] : Convert.FromHexString(part[..end]));
            }
            bytes.AddRange(Encoding.ASCII.GetBytes(part[(end + 1)..]));
        }
        return [.. bytes];
    }
}
