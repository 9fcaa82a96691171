using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Proxies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_proxies_PatientId_PersonId",
                table: "proxies");

            migrationBuilder.RenameColumn(
                name: "RestrictedByPatient",
                table: "proxies",
                newName: "Entry");

            migrationBuilder.AddColumn<string>(
                name: "Document",
                table: "proxies",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "EndReason",
                table: "proxies",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "EndedAt",
                table: "proxies",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Exams",
                table: "proxies",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PersonName",
                table: "proxies",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "RestrictedTo",
                table: "proxies",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Sees",
                table: "proxies",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "DeceasedOn",
                table: "patients",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "ProxyHead",
                table: "patients",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "proxy_entries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PatientId = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Act = table.Column<string>(type: "TEXT", nullable: false),
                    Evidence = table.Column<string>(type: "TEXT", nullable: false),
                    ActorId = table.Column<string>(type: "TEXT", nullable: false),
                    ActorName = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    PreviousHash = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proxy_entries", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_proxies_PatientId_Entry",
                table: "proxies",
                columns: new[] { "PatientId", "Entry" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_proxies_PersonId",
                table: "proxies",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_proxy_entries_PatientId_Sequence",
                table: "proxy_entries",
                columns: new[] { "PatientId", "Sequence" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "proxy_entries");

            migrationBuilder.DropIndex(
                name: "IX_proxies_PatientId_Entry",
                table: "proxies");

            migrationBuilder.DropIndex(
                name: "IX_proxies_PersonId",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "Document",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "EndReason",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "EndedAt",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "Exams",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "PersonName",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "RestrictedTo",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "Sees",
                table: "proxies");

            migrationBuilder.DropColumn(
                name: "DeceasedOn",
                table: "patients");

            migrationBuilder.DropColumn(
                name: "ProxyHead",
                table: "patients");

            migrationBuilder.RenameColumn(
                name: "Entry",
                table: "proxies",
                newName: "RestrictedByPatient");

            migrationBuilder.CreateIndex(
                name: "IX_proxies_PatientId_PersonId",
                table: "proxies",
                columns: new[] { "PatientId", "PersonId" });
        }
    }
}
