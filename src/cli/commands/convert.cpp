#include "base/error.hpp"
#include "base/files/file_error.hpp"
#include "base/files/files.hpp"
#include "base/files/path.hpp"
#include "base/files/rooted_files.hpp"
#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"

#include <filesystem>
#include <ostream>
#include <system_error>

namespace flowship::cli {

namespace {

namespace fs = std::filesystem;

/// A path as the user names it, relative to --repo, normalised so that it ends in a name.
std::string named(const std::string& path, const Options& options) {
  fs::path normal = (fs::path(options.repository) / path).lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();
  if (normal.filename() == "." || normal.filename() == "..") normal = fs::canonical(normal);
  return normal.string();
}

git::Entry entry_of(const fs::path& path) {
  return {path.string(), fs::is_symlink(path) ? git::EntryKind::symlink : git::EntryKind::file, {}};
}

std::vector<git::Entry> entries_at(const std::string& path) {
  if (!fs::is_directory(path)) return {entry_of(path)};
  std::vector<git::Entry> entries;
  for (const fs::directory_entry& file : fs::directory_iterator(path)) {
    const bool is_part = flow::is_snapshot_file(file.path().filename().string());
    if (is_part && (file.is_symlink() || file.is_regular_file())) entries.push_back(entry_of(file.path()));
  }
  return entries;
}

/// The flow at `path`, which must be read without problems: what is not read would be lost.
flow::Flow read_source(const std::string& path) {
  if (!fs::exists(path)) throw usage_error("no such file or directory: " + printable(path));
  flow::Reading reading =
      flow::read_flows(entries_at(path), {.sources = {}, .known = {path}}, [](const git::Entry& entry) {
        const std::optional<std::string> text = read_file(entry.path, kFlowFileLimit);
        if (!text) throw Error("no such file: " + printable(entry.path));
        return *text;
      });
  if (!reading.problems.empty()) {
    const flow::Problem& problem = reading.problems.front();
    throw Error(printable(problem.path) + ":" + std::to_string(problem.position.line) + ":" +
                    std::to_string(problem.position.column) + ": " + problem.message,
                problem.hint, Fault::invalid);
  }
  if (reading.flows.size() != 1) {
    throw Error("no flow in " + printable(path), "name the folder of a flow, or the file of one", Fault::invalid);
  }
  return std::move(reading.flows.front());
}

/// From --layout, else from the target's name: a directory is for snapshots, `*.json` for an exported file, or for the
/// console's if the name contains `console`.
flow::Layout target_layout(const Options& options, const std::string& target, flow::Layout source) {
  if (!options.layout.empty()) {
    return flow::layout_from(options.layout).value();
  }
  const std::string name(name_of(target));
  if (fs::is_directory(target) || !name.ends_with(".json")) return flow::Layout::snapshot;
  if (lower_case(name).find("console") != std::string::npos) return flow::Layout::console;
  if (source != flow::Layout::exported) return flow::Layout::exported;
  throw usage_error("cannot tell the layout to write from the name " + printable(target),
                    "add --layout snapshot, --layout exported or --layout console");
}

/// Where a flow is written: `path` below `root`.
struct Target {
  std::string root;
  std::string path;
};

/// A snapshot's folder has the flow's id as its name: it is the target itself, or in it.
Target target_of(const std::string& target, flow::Layout layout, const flow::Flow& flow) {
  const std::string name(name_of(target));
  if (layout == flow::Layout::snapshot && name != flow.id) return {target, flow.id};
  if (layout != flow::Layout::snapshot && (fs::is_directory(target) || !name.ends_with(".json"))) {
    throw usage_error(
        "the layout `" + std::string(to_text(layout)) + "` is a file whose name ends in .json, unlike " +
            printable(target),
        "name a file, such as " + printable(fs::is_directory(target) ? target + "/" + flow.id : target) + ".json");
  }
  if (layout != flow::Layout::snapshot && !flow::may_be_flow_file(name)) {
    throw usage_error("a file named " + name + " is never read as a flow", "choose another name");
  }
  const std::string folder(folder_of(target));
  return {folder.empty() ? (target.starts_with('/') ? "/" : ".") : folder, name};
}

/// Refuses to overwrite; with --force, removes the files of the flow that is in a snapshot's folder.
void make_room(const Target& target, const Options& options, flow::FileChanges& files) {
  const fs::path place = fs::path(target.root) / target.path;
  if (!fs::exists(fs::symlink_status(place))) return;
  if (!options.force) {
    throw Error(printable(place.string()) + " already exists", "replace it with --force");
  }
  if (!fs::is_directory(place)) return;
  for (const fs::directory_entry& file : fs::directory_iterator(place)) {
    const std::string name = file.path().filename().string();
    if (flow::is_snapshot_file(name)) files.try_emplace(target.path + "/" + name, std::nullopt);
  }
}

/// Updates the list `flows.json`, if there is one.
void list_beside(const Target& target, const std::string& flow_id, flow::FileChanges& files) {
  const std::optional<std::string> list = read_file(fs::path(target.root) / "flows.json");
  if (!list) return;
  std::string text = flow::with_listed(*list, flow_id);
  if (text != *list) files["flows.json"] = std::move(text);
}

void note_dropped(const Invocation& invocation, const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    invocation.err << "flowship: note: " << printable(pointer) << " was dropped, since imports don't accept it\n";
  }
}

/// Writes the file alone to standard output; the result of the command would be in its way.
ExitCode print_converted(const Invocation& invocation, const flow::Flow& source) {
  const Options& options = invocation.options;
  if (options.format != "text" || !options.reports.empty()) {
    throw usage_error("convert to standard output takes no --format or --report", "the output is the flow itself");
  }
  const std::string name = source.id + ".json";
  if (options.layout.empty() && source.source.layout == flow::Layout::exported) {
    throw usage_error("cannot tell the layout to write to standard output",
                      "add --layout exported or --layout console");
  }
  const flow::Layout layout =
      options.layout.empty() ? flow::Layout::exported : flow::layout_from(options.layout).value();
  if (layout == flow::Layout::snapshot) {
    throw usage_error("a snapshot is a folder of files, which standard output can't take",
                      "add --layout exported or --layout console, or name a folder");
  }
  const flow::Conversion conversion = flow::converted(source, layout, name);
  note_dropped(invocation, conversion.dropped);
  for (const auto& [path, text] : conversion.files) invocation.out << text.value_or("");
  return ExitCode::done;
}

}  // namespace

ExitCode run_convert(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::conversion);
  const flow::Flow source = read_source(named(options.arguments[0], options));
  if (options.arguments[1] == "-") return print_converted(invocation, source);
  const std::string name = named(options.arguments[1], options);
  const flow::Layout layout = target_layout(options, name, source.source.layout);
  const Target target = target_of(name, layout, source);
  flow::Conversion conversion = flow::converted(source, layout, target.path);
  make_room(target, options, conversion.files);
  if (layout == flow::Layout::snapshot) list_beside(target, source.id, conversion.files);
  std::error_code why;
  fs::create_directories(target.root, why);
  if (why) throw file_error("create the folder", target.root, why.message());
  change_files(target.root, conversion.files);

  report::Conversion result{.flow_id = source.id,
                            .layout = std::string(to_text(layout)),
                            .paths = {},
                            .removed = {},
                            .dropped = std::move(conversion.dropped)};
  for (const auto& [path, text] : conversion.files) {
    (text ? result.paths : result.removed).push_back((fs::path(target.root) / path).lexically_normal().string());
  }
  note_dropped(invocation, result.dropped);
  invocation.out << write(result, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
