%% Names of Terminations in BER: the octets of the name padded with 00 to eight, a wildcard only
%% at its end, ROOT as eight octets FF. Other names are those of OTP's own resolver.
-module(otp_names).
-export([encode_name/3, decode_name/3]).

-define(OCTETS, 8).
-define(LOWER, 16#40).
-define(ALL, 16#80).

encode_name(_Version, term_id, {megaco_term_id, _, Levels}) ->
    written(lists:flatten(lists:join("/", Levels)));
encode_name(Version, Scope, Item) ->
    case lists:keyfind({Scope, Item}, 1, others()) of
        {_, Number} -> Number;
        false -> (resolver(Version)):encode_name([], Scope, Item)
    end.

decode_name(_Version, term_id, {'TerminationID', Wildcards, Id}) ->
    Name = read(lists:flatten(Wildcards), Id),
    {megaco_term_id, Wildcards =/= [], string:split(Name, "/", all)};
decode_name(Version, Scope, Number) ->
    case [Name || {{Its, Name}, Same} <- others(), Its =:= Scope, Same =:= Number] of
        [Name] -> Name;
        [] -> (resolver(Version)):decode_name([], Scope, Number)
    end.

%% What that resolver does not know: the packages of H.248.14 and E.14, and names as OTP's text has
%% them, without capitals.
others() ->
    [{{property, "root/normalmgexecutiontime"}, [0, 2, 0, 3]},
     {{package, "seg"}, [0, 16#a3]},
     {{property, "seg/mgsegmentationtimervalue"}, [0, 16#a3, 0, 1]},
     {{property, "seg/mgcsegmentationtimervalue"}, [0, 16#a3, 0, 2]},
     {{property, "seg/mgmaxpdusize"}, [0, 16#a3, 0, 3]},
     {{property, "seg/mgcmaxpdusize"}, [0, 16#a3, 0, 4]},
     {{package, "ctyp"}, [0, 16#11]},
     {{package, "an"}, [0, 16#1d]},
     {{package, "chp"}, [0, 16#29]},
     {{package, "ocp"}, [0, 16#51]},
     {{package, "nb"}, [0, 16#9a]},
     {{property, "nb/notreg"}, [0, 16#9a, 0, 1]},
     {{package, "it"}, [0, 16#45]},
     {{event, "it/ito"}, [0, 16#45, 0, 1]},
     {{{event_parameter, "it/ito"}, "mit"}, [0, 1]}].

resolver(1) -> megaco_binary_name_resolver_v1;
resolver(2) -> megaco_binary_name_resolver_v2;
resolver(3) -> megaco_binary_name_resolver_v3.

written(Name) ->
    case {string:lowercase(Name), lists:last(Name)} of
        {"root", _} -> {'TerminationID', [], lists:duplicate(?OCTETS, 255)};
        {_, Sign} when Sign =:= $$; Sign =:= $* ->
            Prefix = lists:droplast(Name),
            Bits = (?OCTETS - length(Prefix)) * 8,
            Kind = case Sign of $$ -> 0; $* -> ?ALL end,
            {'TerminationID', [[Kind bor ?LOWER bor (Bits - 1)]], padded(Prefix)};
        _ -> {'TerminationID', [], padded(Name)}
    end.

padded(Octets) -> Octets ++ lists:duplicate(?OCTETS - length(Octets), 0).

read([], [255 | _]) -> "root";
read([], Id) -> [Octet || Octet <- Id, Octet =/= 0];
read([Field], Id) ->
    Prefix = lists:sublist(Id, ?OCTETS - ((Field band 16#3f) + 1) div 8),
    Prefix ++ case Field band ?ALL of 0 -> "$"; ?ALL -> "*" end.
