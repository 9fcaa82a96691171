using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Fiducial.Server.Storage.Migrations.Postgres
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

            migrationBuilder.DropColumn(
                name: "RestrictedByPatient",
                table: "proxies");

            migrationBuilder.AddColumn<string>(
                name: "Document",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "EndReason",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "EndedAt",
                table: "proxies",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Entry",
                table: "proxies",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Exams",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PersonName",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "RestrictedTo",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Sees",
                table: "proxies",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "DeceasedOn",
                table: "patients",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "ProxyHead",
                table: "patients",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "proxy_entries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PatientId = table.Column<string>(type: "text", nullable: false),
                    Sequence = table.Column<int>(type: "integer", nullable: false),
                    Act = table.Column<string>(type: "text", nullable: false),
                    Evidence = table.Column<string>(type: "text", nullable: false),
                    ActorId = table.Column<string>(type: "text", nullable: false),
                    ActorName = table.Column<string>(type: "text", nullable: false),
                    Role = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    PreviousHash = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<string>(type: "text", nullable: false)
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
                name: "Entry",
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

            migrationBuilder.AddColumn<bool>(
                name: "RestrictedByPatient",
                table: "proxies",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "IX_proxies_PatientId_PersonId",
                table: "proxies",
                columns: new[] { "PatientId", "PersonId" });
        }
    }
}
