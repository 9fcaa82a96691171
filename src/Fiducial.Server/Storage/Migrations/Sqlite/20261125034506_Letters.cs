using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Letters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Sections_LetterToPatient",
                table: "report_versions",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Sections_LetterToPatient",
                table: "report_drafts",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Sections_LetterToPatient",
                table: "preliminary_reports",
                type: "TEXT",
                nullable: false,
                defaultValue: "");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Sections_LetterToPatient",
                table: "report_versions");

            migrationBuilder.DropColumn(
                name: "Sections_LetterToPatient",
                table: "report_drafts");

            migrationBuilder.DropColumn(
                name: "Sections_LetterToPatient",
                table: "preliminary_reports");
        }
    }
}
