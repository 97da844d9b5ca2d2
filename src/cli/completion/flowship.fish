# fish completion for flowship: `flowship __complete` knows what can come next.

function __flowship_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l before (string match -r '^.*=' -- "$word")
    set -l path (string replace -r '^.*=' '' -- "$word")
    for line in ($words[1] __complete $words[2..-1] "$word" 2>/dev/null)
        switch $line
            case :files
                printf '%s\n' "$before"(__fish_complete_path "$path")
            case :folders
                printf '%s\n' "$before"(__fish_complete_directories "$path")
            case '*'
                echo $line
        end
    end
end

complete -c flowship -f -a '(__flowship_complete)'
