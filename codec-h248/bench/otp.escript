#!/usr/bin/env escript
%% The third-party codec of Erlang/OTP, driven line by line: it reads the messages of a folder,
%% tells which of them it takes, and runs batches on demand.
-mode(compile).

main([Folder]) ->
    {ok, Scanner} = scanner(),
    Kinds = [{pretty, megaco_pretty_text_encoder, [Scanner]},
             {compact, megaco_compact_text_encoder, [Scanner]},
             {ber, megaco_ber_encoder, []}],
    Sets = [set(Folder, Kind) || Kind <- Kinds],
    io:format("ready~n"),
    serve(Sets).

scanner() ->
    case megaco_flex_scanner:start() of
        {ok, Port} -> {ok, {flex, Port}};
        Other -> Other
    end.

%% The messages of a kind that are taken, decoded, and written again.
set(Folder, {Kind, Codec, Config}) ->
    Files = lists:sort(filelib:wildcard(filename:join(Folder, "*." ++ atom_to_list(Kind)))),
    Taken = [Entry || File <- Files, Entry <- take(File, Kind, Codec, Config)],
    {Kind, Codec, Config, Taken}.

take(File, Kind, Codec, Config) ->
    {ok, Octets} = file:read_file(File),
    case catch again(Codec, Config, Octets) of
        {ok, Version, Message} ->
            io:format("taken ~s ~s~n", [Kind, filename:rootname(filename:basename(File))]),
            [{Octets, Version, Message}];
        _ ->
            []
    end.

again(Codec, Config, Octets) ->
    {ok, Message} = Codec:decode_message(Config, dynamic, Octets),
    {_, _, {_, Version, _, _}} = Message,
    {ok, _} = Codec:encode_message(Config, Version, Message),
    {ok, Version, Message}.

serve(Sets) ->
    case io:get_line("") of
        eof -> ok;
        Line ->
            [What, Kind, Rounds] = string:tokens(string:trim(Line), " "),
            Set = lists:keyfind(list_to_atom(Kind), 1, Sets),
            io:format("~w~n", [batch(list_to_atom(What), Set, list_to_integer(Rounds))]),
            serve(Sets)
    end.

%% Nanoseconds that all messages of the set take so many times.
batch(What, {_, Codec, Config, Taken}, Rounds) ->
    garbage_collect(),
    Start = erlang:monotonic_time(nanosecond),
    rounds(What, Codec, Config, Taken, Rounds),
    erlang:monotonic_time(nanosecond) - Start.

rounds(_, _, _, _, 0) -> ok;
rounds(What, Codec, Config, Taken, Left) ->
    run(What, Codec, Config, Taken),
    rounds(What, Codec, Config, Taken, Left - 1).

run(_, _, _, []) -> ok;
run(decode, Codec, Config, [{Octets, _, _} | Rest]) ->
    {ok, _} = Codec:decode_message(Config, dynamic, Octets),
    run(decode, Codec, Config, Rest);
run(encode, Codec, Config, [{_, Version, Message} | Rest]) ->
    {ok, _} = Codec:encode_message(Config, Version, Message),
    run(encode, Codec, Config, Rest).
